"""Mails of accounts: which one is due is decided by the worker, so that no page tells by its time."""
