"""MS-DRGs: their list, the grouper behind a port, and what pages and tools say of it."""
