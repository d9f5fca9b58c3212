"""Browsing a code system by its hierarchy: public, takes no view."""
