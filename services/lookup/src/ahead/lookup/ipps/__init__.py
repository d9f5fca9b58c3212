"""IPPS final rule tables: MS-DRG weights and lengths of stay, CC and MCC lists, CC exclusions."""
