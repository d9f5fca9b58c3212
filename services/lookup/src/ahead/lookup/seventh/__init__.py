"""Completes a diagnosis code that takes a 7th character, with its placeholders."""
