"""The read API: the same records, filters and visibility as the pages, as JSON (docs/api.md)."""
