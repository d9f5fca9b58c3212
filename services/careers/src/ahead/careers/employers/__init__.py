"""Companies, their members, and what they post."""
