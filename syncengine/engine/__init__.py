"""Writes: one run over one firm, worked in slices of at most 30 seconds (docs/flow.md)."""
