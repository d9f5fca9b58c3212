"""Reads the files of the Physician Fee Schedule."""
