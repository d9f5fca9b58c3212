"""Downloads official files from their publishers, or from a mirror that the operator's settings name."""
