"""Reads the publisher's file into a release."""
