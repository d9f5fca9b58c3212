"""Events in: read, stored once, counted, in one transaction per batch."""
