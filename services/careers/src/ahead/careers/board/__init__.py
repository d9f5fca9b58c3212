"""The board that candidates see: search, job pages, feeds' common parts."""
