"""The pure core: values in, values out. Standard library only: no Django, no HTTP, no clock, no settings."""
