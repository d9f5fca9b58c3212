"""Search over all codes: how a query is read, what it finds, in which order and why."""
