"""Reads the publisher's tables into releases."""
