"""What the six lesson pages show, as plain data: each file works out one page's numbers from the network as it is."""
