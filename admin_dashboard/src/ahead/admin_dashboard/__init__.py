"""The operators' dashboard. Everything it shows comes from the services' interfaces, never from a database."""
