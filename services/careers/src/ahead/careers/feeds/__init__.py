"""Jobs as RSS, Atom, XML, JSON, CSV and a sitemap."""
