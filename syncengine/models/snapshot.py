"""Snapshots: records as last read; cursors: how far Clio and Xero have been read."""

from django.db import models
from django.db.models import Q

from accounts.firm_scope import TenantModel


class Snapshot(TenantModel):
    """A bill or contact of Clio as last read. `dirty` until what it asks for stands in Xero."""

    class Kind(models.TextChoices):
        BILL = "bill", "Bill"
        CONTACT = "contact", "Contact"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    clio_id = models.BigIntegerField()
    record = models.JSONField()
    #: Of the record as read, lines not included.
    digest = models.CharField(max_length=32)
    dirty = models.BooleanField(default=True)
    #: Of an interest bill: the bill whose interest it carries.
    original_bill_id = models.BigIntegerField(null=True)
    read_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "kind", "clio_id"], name="snapshot_once")]
        indexes = [
            models.Index(fields=["firm", "kind", "clio_id"], name="snapshot_dirty", condition=Q(dirty=True)),
            models.Index(
                fields=["firm", "original_bill_id"],
                name="snapshot_interest",
                condition=Q(original_bill_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.clio_id}"


class LineSnapshot(TenantModel):
    """A line of a bill as last read."""

    clio_id = models.BigIntegerField()
    bill_id = models.BigIntegerField()
    record = models.JSONField()
    digest = models.CharField(max_length=32)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "clio_id"], name="line_snapshot_once")]
        indexes = [models.Index(fields=["firm", "bill_id"], name="line_snapshot_bill")]

    def __str__(self) -> str:
        return f"line {self.clio_id}"


class XeroContact(TenantModel):
    """A contact of Xero as last read, by which first meetings are decided (BEHAVIOUR §4)."""

    contact_id = models.CharField(max_length=64)
    contact_number = models.CharField(max_length=64, default="", blank=True)
    #: Spaces and case folded.
    name_key = models.CharField(max_length=255)
    email_key = models.CharField(max_length=255, default="", blank=True)
    #: The StandingContact as plain values.
    standing = models.JSONField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "contact_id"], name="xero_contact_once")]
        indexes = [
            models.Index(fields=["firm", "name_key"], name="xero_contact_name"),
            models.Index(fields=["firm", "contact_number"], name="xero_contact_number"),
        ]

    def __str__(self) -> str:
        return f"Xero contact {self.pk}"


class Cursor(TenantModel):
    """How far one resource has been read. A pass that was interrupted goes on at `next_url`."""

    resource = models.CharField(max_length=32)
    #: The next pass reads what changed since then, less the overlap; None: read whole.
    since = models.DateTimeField(null=True)
    #: The other side's clock when the pass under way began; becomes `since` when it ends.
    pass_started_at = models.DateTimeField(null=True)
    next_url = models.TextField(default="", blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "resource"], name="cursor_once")]

    def __str__(self) -> str:
        return f"{self.resource} cursor {self.pk}"
