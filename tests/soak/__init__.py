"""Many operations for many agents while everything around them is killed, and a reconciliation."""
