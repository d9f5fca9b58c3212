"""Linking e-mail addresses to an account: mail from a linked address is that account's."""
