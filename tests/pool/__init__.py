"""The browser pool against a model of browsers: every order of events that hypothesis thinks of."""
