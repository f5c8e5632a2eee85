"""The browser pool, on a real Chromium, and against a model of one: every order of events that hypothesis thinks of."""
