"""Pages about firms and their people: one call down each."""
