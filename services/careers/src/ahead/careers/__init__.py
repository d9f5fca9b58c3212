"""CareerCenter: the medical coding job board."""
