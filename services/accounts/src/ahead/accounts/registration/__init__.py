"""Registering, and confirming the e-mail address."""
