"""The project as an application: it grants rights after migrations."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from clioxero.grants import grant_after_migrate


class ProjectConfig(AppConfig):
    """Has no models; stands in INSTALLED_APPS for the hook alone."""

    name = "clioxero"
    verbose_name = "ClioXero"

    def ready(self) -> None:
        """Hang the grants behind every migration; they are the same however often they run."""
        post_migrate.connect(grant_after_migrate, dispatch_uid="clioxero.grants")
