"""Plans which tools answer a question."""
