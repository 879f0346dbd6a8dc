"""The accounts application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, firms, roles, and the scope that keeps firms apart."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
