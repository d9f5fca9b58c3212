"""What changed between two editions of a code system."""
