"""Fetching from addresses that users give: the only way out."""
