"""Writes of invoices: new ones, changed ones, those that end, and what an edit under payments takes."""
