"""What people type, and the words of the official texts for it."""

from ahead.lookup.search.lexicon.reading import Entry, Expansion, Lexicon, Meaning

__all__ = ["Entry", "Expansion", "Lexicon", "Meaning"]
