"""How good CasePilot is, as it was measured last."""
