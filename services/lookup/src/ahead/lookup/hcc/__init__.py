"""Hierarchical condition categories: which category a diagnosis is of, per payment year and model."""
