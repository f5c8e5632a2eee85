"""Tests of `python -m server --check`."""
