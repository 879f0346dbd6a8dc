"""Runs, the lease that says who works on a firm, and submissions: the outbox of calls that write."""

from django.db import models
from django.db.models import Q

from accounts.firm_scope import TenantForeignKey, TenantModel
from syncengine.models.encrypted import EncryptedBytesField, EncryptedJSONField


class FirmSync(TenantModel):
    """When a firm is due, whether it is queued, and the lease of whoever works on it (DESIGN §4.7).

    The database is the queue of truth: Redis only wakes workers up. `lease_generation` rises with every taking, and
    every submission checks it, so that a worker that lost its lease sends nothing more.
    """

    due_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    #: A person pressed "Sync now" or ran the command: what was refused is tried at once, whatever its retry time.
    asked = models.BooleanField(default=False)
    first_sync_done_at = models.DateTimeField(null=True)
    #: What decided, when bills were last planned, which of them are in scope.
    scope_digest = models.CharField(max_length=32, default="", blank=True)
    #: What decided, when money was last planned, whether and where payments and credits go.
    money_digest = models.CharField(max_length=32, default="", blank=True)
    #: When both sides were last read whole (BEHAVIOUR §11, nightly), and when that was last begun.
    full_done_at = models.DateTimeField(null=True)
    full_begun_at = models.DateTimeField(null=True)
    #: What was found then, as `compare --json` prints it, with "at" and how many were "different".
    tie_out = models.JSONField(null=True)
    lease_owner = models.CharField(max_length=64, default="", blank=True)
    lease_generation = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm"], name="firm_sync_once")]
        indexes = [models.Index(fields=["due_at"], name="firm_sync_due")]

    def __str__(self) -> str:
        return f"sync of firm {self.firm_id}"


class Run(TenantModel):
    """One pass over one firm, worked in slices."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        WAITING = "waiting", "Waiting"
        CLEAN = "clean", "Clean"
        ERRORS = "errors", "Errors open"
        FAILED = "failed", "Failed"

    class Phase(models.TextChoices):
        READ_CLIO = "read_clio", "Reading Clio"
        READ_XERO = "read_xero", "Reading Xero"
        CONTACTS = "contacts", "Contacts"
        REMOVALS = "removals", "Voids and removals"
        UPDATES = "updates", "Changed bills"
        INVOICES = "invoices", "Invoices"
        MONEY = "money", "Payments and credits"
        EDITS = "edits", "Contact changes to Clio"
        COMPARE = "compare", "Comparing both sides"
        DONE = "done", "Done"

    reason = models.CharField(max_length=16)
    full = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.READ_CLIO)
    #: Where the phase goes on: the last Clio id planned.
    position = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: {kind: {"created": n, …}} as `sync --json` prints it.
    counts = models.JSONField(default=dict)
    #: How many records of each kind the run has to plan, where it was counted: {"contact": n, "invoice": n}.
    expected = models.JSONField(default=dict)
    #: How many records were sent, of every kind: the sum that pages need of many runs at once.
    sent = models.PositiveIntegerField(default=0)
    #: How a run of several slices went: [when (ISO), links made by then, until when it had to wait (ISO) or ""].
    trail = models.JSONField(default=list)
    clio_calls = models.PositiveIntegerField(default=0)
    xero_calls = models.PositiveIntegerField(default=0)
    slices = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    message = models.TextField(default="", blank=True)
    waits_until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["firm", "-started_at"], name="run_newest")]
        constraints = [
            models.UniqueConstraint(fields=["firm"], name="run_one_open", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Submission(TenantModel):
    """One call that writes: exact bytes and key, committed before it is sent (DESIGN §4.2).

    `items` holds, in the order of the body, what the answer is needed for: link, natural key, digests, line keys.
    The body is dropped after 90 days; its digest stays.
    """

    class State(models.TextChoices):
        SENDING = "sending", "Sending"
        UNCLEAR = "unclear", "Unclear"
        ANSWERED = "answered", "Answered"
        DROPPED = "dropped", "Looked up and planned anew"

    run = TenantForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16)
    operation = models.CharField(max_length=16)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=255)
    query = models.CharField(max_length=255, default="", blank=True)
    body = EncryptedBytesField(null=True)
    body_digest = models.CharField(max_length=64)
    items = EncryptedJSONField(null=True)
    idempotency_key = models.CharField(max_length=128)
    lease_generation = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENDING)
    #: By our clock; with Xero's clock minus ours at that time, in seconds.
    sent_at = models.DateTimeField()
    clock_skew_seconds = models.FloatField(default=0.0)
    #: A 5xx came back: Xero replays it for this key, so sending again tells nothing (X 11.1).
    server_failed = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(null=True)
    answer_status = models.PositiveIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["firm", "idempotency_key"], name="submission_key_once"),
        ]
        indexes = [
            models.Index(fields=["firm", "id"], name="submission_open", condition=Q(state__in=["sending", "unclear"])),
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}"
