"""Medicare coverage: national and local determinations, their articles, and the diagnoses these list."""
