"""What the service costs, each figure a ratio that was taken in one run: `make bench`."""
