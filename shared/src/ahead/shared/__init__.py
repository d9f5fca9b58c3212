"""Mechanisms that every service is built from: no tables, no business rule."""
