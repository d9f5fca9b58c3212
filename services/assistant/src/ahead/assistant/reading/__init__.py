"""Reads a question: what it names, what it wants to know, and what can't be answered from the sources."""
