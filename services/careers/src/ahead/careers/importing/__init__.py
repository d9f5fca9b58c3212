"""Jobs from feeds, and finding those that are on the board already."""
