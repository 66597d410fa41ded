"""Tests of a configuration: their files as data, and what becomes of them. Running them is `rtf.testing`'s work."""
