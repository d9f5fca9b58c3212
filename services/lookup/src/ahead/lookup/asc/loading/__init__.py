"""Reads the addenda of the ASC payment system and its wage indices."""
