"""Snapshots: records as last read on either side; cursors: how far Clio and Xero have been read."""

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
    #: Of a bill: its payments and credits have to be planned, whether or not the bill itself has.
    money_dirty = models.BooleanField(default=False)
    #: Of a bill that changed: whether anything of it was removed has to be looked at yet.
    relist = models.BooleanField(default=False)
    #: Of an interest bill: the bill whose interest it carries.
    original_bill_id = models.BigIntegerField(null=True)
    read_at = models.DateTimeField()
    #: The last full run whose lists named it: what a full run does not name may be gone (BEHAVIOUR §9).
    seen_in = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "kind", "clio_id"], name="snapshot_once")]
        indexes = [
            models.Index(fields=["firm", "kind", "clio_id"], name="snapshot_dirty", condition=Q(dirty=True)),
            models.Index(fields=["firm", "clio_id"], name="snapshot_money_dirty", condition=Q(money_dirty=True)),
            models.Index(fields=["firm", "clio_id"], name="snapshot_relist", condition=Q(relist=True)),
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


class AllocationSnapshot(TenantModel):
    """A payment's or a credit's part on one bill, as last read (C 5.2). `bill_id` is empty where Clio names no bill."""

    clio_id = models.BigIntegerField()
    bill_id = models.BigIntegerField(null=True)
    record = models.JSONField()
    digest = models.CharField(max_length=32)
    #: Proven to be gone in Clio (BEHAVIOUR §9); kept as long as its document stands in Xero.
    gone = models.BooleanField(default=False)
    #: The run that first took this row for a second listing of another one (BEHAVIOUR §6).
    doubted_in = models.BigIntegerField(null=True)
    #: As a snapshot's.
    seen_in = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "clio_id"], name="allocation_snapshot_once")]
        indexes = [models.Index(fields=["firm", "bill_id"], name="allocation_snapshot_bill")]

    def __str__(self) -> str:
        return f"allocation {self.clio_id}"


class XeroPayment(TenantModel):
    """A payment on a sales invoice in Xero as last read, whoever entered it. Amounts are minor units."""

    payment_id = models.CharField(max_length=64)
    invoice_id = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    dated = models.DateField(null=True)
    reference = models.TextField(default="", blank=True)
    account_id = models.CharField(max_length=64, default="", blank=True)
    status = models.CharField(max_length=16)
    reconciled = models.BooleanField(default=False)
    batch_id = models.CharField(max_length=64, default="", blank=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "payment_id"], name="xero_payment_once")]
        indexes = [models.Index(fields=["firm", "invoice_id"], name="xero_payment_invoice")]

    def __str__(self) -> str:
        return f"Xero payment {self.pk}"


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
