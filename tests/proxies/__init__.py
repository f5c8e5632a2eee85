"""Proxies that stop at a named statement or request: boundaries are reached from outside, never by hooks."""
