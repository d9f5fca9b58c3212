"""The second factor of staff: time-based one-time codes (RFC 6238) from an authenticator app."""
