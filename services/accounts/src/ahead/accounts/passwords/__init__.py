"""Passwords: rules, hashing, changing, and setting a new one when it is forgotten."""
