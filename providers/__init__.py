"""What an API can hold: the kit for writing providers, and the providers that come with rtf.

A provider knows its API, not the engine: it takes plain Python data and gives plain Python data back, and
names attributes by their path. Files, lines, graphs and state are the engine's affair.
"""
