"""Mail out: each step once, signed, with a ledger."""
