"""The account page: what is kept, and what its owner can do with it."""
