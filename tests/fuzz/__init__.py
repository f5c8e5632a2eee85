"""Messages that nobody would send, sent to a real server: `make fuzz`."""
