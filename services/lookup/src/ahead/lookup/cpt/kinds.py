"""The two forms in which CPT is held."""

NUMBERS = "cpt-numbers"
"""Numbers of codes, from a list that may be had freely; no text."""
LICENSED = "cpt-ama"
"""The AMA's own files, from a holder of a licence."""
