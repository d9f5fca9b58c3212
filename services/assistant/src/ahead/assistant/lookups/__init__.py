"""What Case2Code says, asked over its public API."""
