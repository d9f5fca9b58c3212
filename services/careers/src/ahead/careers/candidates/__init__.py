"""What candidates tell about themselves once: a profile, and credentials with who has checked them."""
