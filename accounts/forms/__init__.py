"""What the pages about people and firms ask, and how it is checked."""
