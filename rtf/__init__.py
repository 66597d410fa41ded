"""Terraform's workflow for OpenAI Realtime resources."""

from importlib.metadata import version

__version__ = version("rtf-engine")
