"""What happened to a code over the editions held, and what its page says on one date and on another."""
