"""`python -m server --check`: looks at everything that the server needs, before it is needed."""
