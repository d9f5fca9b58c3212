"""MCP: the same API for assistants, under the same keys, guards and allowances."""
