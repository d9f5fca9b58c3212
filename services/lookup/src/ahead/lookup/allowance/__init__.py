"""What a visitor has left, for the header of other services' pages and for programs."""
