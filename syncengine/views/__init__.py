"""Views: each reads a form, makes one call down and answers with a page."""
