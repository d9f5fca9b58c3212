"""Reads the files of HCPCS Level II and of the lists beside it."""
