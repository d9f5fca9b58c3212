"""Reads the coverage database's export, its list of documents, and the merged list of codes."""
