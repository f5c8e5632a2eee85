"""Sixty agents at once: programs that run for minutes and print what they measured (`make sixty`, `make three`)."""
