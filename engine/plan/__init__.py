"""Configuration and recorded state in, changes out. Nothing here changes anything anywhere."""
