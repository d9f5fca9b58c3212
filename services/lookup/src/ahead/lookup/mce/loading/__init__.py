"""Reads the lists of the Medicare Code Editor into releases."""
