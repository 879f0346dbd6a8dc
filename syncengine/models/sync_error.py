"""Sync errors: one open problem of one record, shown until it clears (BEHAVIOUR §10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.firm_scope import TenantForeignKey, TenantModel
from syncengine.models.link import Link


class SyncError(TenantModel):
    """A problem that needs somebody. Repeats move `last_seen_at` and `times`; it closes itself when it is over."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        IGNORED = "ignored", "Ignored"
        CLOSED = "closed", "Closed"

    link = TenantForeignKey(Link, null=True, on_delete=models.CASCADE, related_name="+")
    #: contact, invoice, …; "connection" or "run" for problems of the firm as a whole.
    kind = models.CharField(max_length=16)
    clio_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=64)
    #: Records with one cause share it (an archived account's id).
    cause = models.CharField(max_length=255, default="", blank=True)
    field = models.CharField(max_length=64, default="", blank=True)
    message = models.TextField()
    remedy = models.TextField(default="", blank=True)
    #: Xero's own words, all of them.
    xero_messages = models.JSONField(default=list, blank=True)
    details = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(null=True)
    ignored_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ignored_reason = models.TextField(default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "kind", "clio_id"],
                name="sync_error_one_open",
                condition=Q(state__in=["open", "ignored"]),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["firm", "state", "code", "cause"], name="sync_error_cause")]

    def __str__(self) -> str:
        return f"{self.code} of {self.kind} {self.clio_id}"
