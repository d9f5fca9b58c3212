"""Loads that operators start from the dashboard, and licences accepted for fetching from publishers."""
