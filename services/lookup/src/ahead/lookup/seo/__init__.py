"""What search engines ask for first: where they may look, and which pages there are."""
