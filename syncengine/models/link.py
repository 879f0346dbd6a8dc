"""Links: Clio id ↔ Xero id, what was last applied, and the state that pages show."""

from typing import Final

from django.db import models
from django.db.models import Q

from accounts.firm_scope import TenantModel


class Link(TenantModel):
    """One record's tie to its document, made when the record is first planned.

    `record_digest` and `document_digest` are those last applied; `lines` maps a document line's key to its LineItemID
    and to what the line was made from. `base` holds, for contacts, both sides' values as last agreed (three-way merge);
    for payments, what stood in Xero before a round took it off, to be put back as it was.
    The columns from `number` on are what pages filter and sort by; amounts are minor units.
    """

    class Kind(models.TextChoices):
        CONTACT = "contact", "Contact"
        INVOICE = "invoice", "Invoice"
        #: The invoice of interest that was charged after its bill was sent; `clio_id` is the charge's.
        INTEREST = "interest", "Interest"
        #: These three have the Clio id of their allocation.
        PAYMENT = "payment", "Payment"
        CREDIT_NOTE = "credit_note", "Credit note"
        ALLOCATION = "allocation", "Allocation"

    class State(models.TextChoices):
        NEW = "new", "Not sent yet"
        IN_STEP = "in_step", "In step"
        WAITING = "waiting", "Waiting"
        BLOCKED = "blocked", "Blocked"
        REFUSED = "refused", "Refused"
        IGNORED = "ignored", "Ignored"
        OUT_OF_RANGE = "out_of_range", "Out of range"
        NOT_SENT = "not_sent", "Not sent"
        VOIDED = "voided", "Voided"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    clio_id = models.BigIntegerField()
    xero_id = models.CharField(max_length=64, null=True)
    natural_key = models.CharField(max_length=255, default="", blank=True)
    generation = models.PositiveIntegerField(default=1)
    #: Of payments, credits and interest: the bill on whose invoice they stand.
    bill_id = models.BigIntegerField(null=True)
    #: How often a payment that somebody deleted in Xero was put back (BEHAVIOUR §6).
    restorations = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=16, choices=State.choices, default=State.NEW)
    #: Why it is in this state, in plain words; empty where the state says it all.
    reason = models.TextField(default="", blank=True)
    #: Something to know that needs nobody (BEHAVIOUR §10).
    notice = models.TextField(default="", blank=True)
    record_digest = models.CharField(max_length=32, default="", blank=True)
    document_digest = models.CharField(max_length=32, default="", blank=True)
    lines = models.JSONField(default=dict, blank=True)
    base = models.JSONField(default=dict, blank=True)
    #: Digest of record and rules under which it was last found blocked or refused: asked again when either moves.
    planned_under = models.CharField(max_length=32, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=255, default="", blank=True)
    title = models.CharField(max_length=255, default="", blank=True)
    dated = models.DateField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    xero_amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    clio_state = models.CharField(max_length=24, default="", blank=True)
    xero_status = models.CharField(max_length=16, default="", blank=True)
    applied_at = models.DateTimeField(null=True)
    #: What a person decided about the record and no run has taken up yet (engine.decisions). Saving a planned link
    #: never touches it, so that a run which is at work meanwhile cannot lose it.
    decided = models.JSONField(default=dict, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["firm", "kind", "clio_id"], name="link_once"),
            # Two Clio clients may share one Xero contact if a person says so; every other document has one record.
            models.UniqueConstraint(
                fields=["firm", "kind", "xero_id"], name="link_one_document", condition=~Q(kind="contact")
            ),
        ]
        indexes = [
            models.Index(fields=["firm", "kind", "state", "clio_id"], name="link_state"),
            models.Index(fields=["firm", "kind", "dated", "clio_id"], name="link_dated"),
            models.Index(fields=["firm", "kind", "xero_id"], name="link_xero"),
            models.Index(fields=["firm", "bill_id"], name="link_of_bill", condition=Q(bill_id__isnull=False)),
            models.Index(fields=["firm", "id"], name="link_decided", condition=~Q(decided={})),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.clio_id}"


#: Links whose Clio record is an allocation: what is planned as a bill's money.
MONEY_KINDS: Final = (Link.Kind.PAYMENT, Link.Kind.CREDIT_NOTE, Link.Kind.ALLOCATION)
