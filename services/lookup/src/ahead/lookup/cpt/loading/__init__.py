"""Reads lists of CPT code numbers, and the AMA's distribution files."""
