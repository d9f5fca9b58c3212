"""Tools: what they share, and the list of them."""
