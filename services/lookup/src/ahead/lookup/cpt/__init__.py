"""CPT: the numbers of its codes, and its owner's text where the operator holds a licence for it."""
