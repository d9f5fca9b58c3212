"""Reads the index books of ICD-10-CM in the XML in which they are published."""
