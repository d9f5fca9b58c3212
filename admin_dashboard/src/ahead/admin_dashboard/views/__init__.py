"""The dashboard's pages, one a file; each draws itself with `show`."""
