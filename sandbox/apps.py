"""Django's view of the stand-ins: one management command, no models."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """Registers `manage.py sandbox`."""

    name = "sandbox"
    label = "sandbox"
    verbose_name = "Stand-in Clio and Xero"
