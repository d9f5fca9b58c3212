"""Metering: every view and usage event, stored once, counted by the hour and by the day, and asked about."""
