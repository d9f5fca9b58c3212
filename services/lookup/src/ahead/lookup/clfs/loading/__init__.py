"""Reads laboratory rates."""
