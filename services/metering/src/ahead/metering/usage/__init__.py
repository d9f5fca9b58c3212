"""Counts out: by product, metric, plan, period, principal and thing."""
