"""Reads what changed on both sides, list by list, into snapshots."""
