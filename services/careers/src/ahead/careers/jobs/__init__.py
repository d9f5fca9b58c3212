"""What a job is, whether it is open, and how it changes."""
