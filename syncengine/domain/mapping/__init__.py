"""Record + rules (+ what the link already holds) → document, or Blocked. One module for each kind of document."""
