"""The resource types of the OpenAI provider, a file per type."""
