"""Reviewing first posts and reported ones."""
