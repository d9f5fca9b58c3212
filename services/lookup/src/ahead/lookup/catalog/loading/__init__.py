"""Reads official files into releases."""
