"""The preview of a firm's first sync: what it would send, worked out by the worker before anything is sent."""

from django.db import models

from accounts.firm_scope import TenantModel


class Preview(TenantModel):
    """One a firm. `report` is what the last finished one found; `tally` is what the one under way has so far."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked for"
        WORKING = "working", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    class Step(models.TextChoices):
        READ_CLIO = "read_clio", "Reading Clio"
        READ_XERO = "read_xero", "Reading Xero"
        CLIENTS = "clients", "Looking at clients"
        FIND = "find", "Looking for invoices that stand in Xero"
        PLAN = "plan", "Working out what would be sent"

    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.READ_CLIO)
    #: Where the step goes on: a page, or the last Clio id looked at.
    position = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    #: Digest of the settings and lists that the tally, or the report, was worked out under.
    made_under = models.CharField(max_length=32, default="", blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    #: A limit is used up until then.
    waits_until = models.DateTimeField(null=True)
    #: Why it waits or failed, in plain words.
    message = models.TextField(default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm"], name="preview_once")]

    def __str__(self) -> str:
        return f"preview {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether a worker has it to do."""
        return self.state in {self.State.ASKED, self.State.WORKING}
