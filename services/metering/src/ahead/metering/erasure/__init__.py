"""Forgetting who it was: the events of an erased account stay counted, under a name that leads to nobody."""
