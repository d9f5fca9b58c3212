"""Tools of CasePilot: typed and deterministic, each over Case2Code's public API, each with its receipts."""
