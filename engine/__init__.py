"""Configuration in, changes out: from HCL text to a plan, and from a plan to events and a new state."""
