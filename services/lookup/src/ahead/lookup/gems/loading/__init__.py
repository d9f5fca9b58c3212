"""Reads the publisher's files into releases."""
