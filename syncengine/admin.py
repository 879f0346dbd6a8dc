"""The operator's look over all firms' runs: to read, not to change. Names and figures stay on the firms' own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from syncengine.models import FirmSync, Run, SyncError


class _LookOnly(admin.ModelAdmin[Any]):
    """Rows of all firms, through the unscoped manager; nothing can be added, changed or removed."""

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Any]:
        """All firms' rows."""
        rows: QuerySet[Any] = self.model.unscoped.select_related("firm").order_by(*self.ordering or ("-pk",))
        return rows

    def has_add_permission(self, *_: Any) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, *_: Any) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        """Nobody removes."""
        return False


@admin.register(Run)
class RunAdmin(_LookOnly):
    """What ran, for how long, with how many calls."""

    list_display = ("firm", "started_at", "state", "phase", "slices", "clio_calls", "xero_calls", "seconds")
    list_filter = ("state",)
    ordering = ("-started_at",)


@admin.register(FirmSync)
class FirmSyncAdmin(_LookOnly):
    """Who is due when, and who is being worked on."""

    list_display = ("firm", "due_at", "queued_at", "lease_until", "lease_generation", "first_sync_done_at")
    ordering = ("due_at",)


@admin.register(SyncError)
class SyncErrorAdmin(_LookOnly):
    """Open problems by code."""

    list_display = ("firm", "kind", "code", "state", "first_seen_at", "last_seen_at", "times")
    list_filter = ("state", "code")
    fields = ("firm", "kind", "clio_id", "code", "state", "first_seen_at", "last_seen_at", "times")
    ordering = ("-last_seen_at",)
