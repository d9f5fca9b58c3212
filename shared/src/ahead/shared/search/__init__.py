"""Full-text search: one port (index.py), two engines (meilisearch.py, tantivy.py), one way to rebuild."""
