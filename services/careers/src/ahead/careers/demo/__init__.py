"""Generated example jobs."""
