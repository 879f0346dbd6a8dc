"""What the pages of both stand-ins are made of: HTML escaped by construction, forms, lists, from a form to a page."""
