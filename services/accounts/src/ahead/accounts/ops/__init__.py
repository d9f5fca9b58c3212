"""What the dashboard shows and does about accounts."""
