"""One's own conversations: read, found again, renamed, exported, deleted, and what one thinks of an answer."""
