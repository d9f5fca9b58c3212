"""HCPCS Level II: codes with their administrative data, modifiers, places of service, RBCS categories."""
