"""CasePilot."""
