"""People, firms and who may do what. Imports nothing of syncengine."""
