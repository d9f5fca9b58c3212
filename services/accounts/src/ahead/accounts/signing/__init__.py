"""Signing tokens: keys, their rotation, and what they sign. The only place on the platform that signs."""
