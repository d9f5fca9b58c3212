"""Mail in: accepted and kept in one transaction."""
