"""The dated, hierarchical catalogue of codes: releases held, what each says, and from which file and row."""
