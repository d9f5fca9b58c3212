"""Asking on the page and through the API: the same as by e-mail, without e-mail."""
