"""The counts made again from the raw events."""
