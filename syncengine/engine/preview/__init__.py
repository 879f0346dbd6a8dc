"""The preview before a first sync."""
