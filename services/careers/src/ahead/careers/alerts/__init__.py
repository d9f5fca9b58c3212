"""Saved searches and the mails about new jobs."""
