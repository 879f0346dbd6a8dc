"""Writes of payments and credit notes, planned for each bill's invoice."""
