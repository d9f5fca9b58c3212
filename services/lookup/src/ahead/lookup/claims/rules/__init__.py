"""One module per family of rules; each answers for what it can and says "not checked" for the rest."""
