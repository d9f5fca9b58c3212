"""The sums of the fee schedule: pure functions of rows, indices and lines. Every step is kept."""
