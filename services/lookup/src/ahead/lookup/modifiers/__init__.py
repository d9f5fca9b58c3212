"""What a modifier means, when it is right, and how Medicare prices it."""
