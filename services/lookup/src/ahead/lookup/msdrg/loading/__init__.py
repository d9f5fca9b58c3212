"""Reads lists of MS-DRGs into releases."""
