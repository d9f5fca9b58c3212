"""The claim check: a claim judged line by line and pair by pair, for its own dates."""
