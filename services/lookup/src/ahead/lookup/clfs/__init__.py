"""The clinical laboratory fee schedule: national rates by quarter."""
