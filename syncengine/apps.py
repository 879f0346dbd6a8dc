"""The Django application that keeps a firm's Xero books in step with Clio."""

from django.apps import AppConfig


class SyncengineConfig(AppConfig):
    """syncengine: see docs/flow.md."""

    name = "syncengine"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Sync engine"
