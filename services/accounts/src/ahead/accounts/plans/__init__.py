"""Plans and roles."""
