"""Small lists by themselves: a modifier, a place of service, the localities of fees, coverage documents."""
