"""What operators see of CasePilot."""
