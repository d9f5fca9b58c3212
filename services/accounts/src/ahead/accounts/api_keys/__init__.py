"""API keys: for programs that act for an account."""
