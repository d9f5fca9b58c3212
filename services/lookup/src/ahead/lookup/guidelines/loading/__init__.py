"""Reads the Official Guidelines from the PDF in which they are published."""
