"""The history of one record: what was read, planned, sent and answered, in the order in which it happened."""

from django.db import models

from accounts.firm_scope import TenantForeignKey, TenantModel
from syncengine.models.run import Run, Submission


class RecordEvent(TenantModel):
    """One thing that happened to a record; kind and clio_id are those of its link.

    `words` says it in plain words where the event alone does not. `details` holds plain values: figures, both sides'
    values of a field, Xero's own messages.
    """

    class Event(models.TextChoices):
        READ = "read", "Changed in Clio"
        SENT = "sent", "Sent to Xero"
        APPLIED = "applied", "Taken by Xero"
        REFUSED = "refused", "Refused by Xero"
        BLOCKED = "blocked", "Blocked"
        WAITING = "waiting", "Waiting"
        LINKED = "linked", "Linked with what stood in Xero"
        CHANGED_IN_XERO = "in_xero", "Changed in Xero"
        TO_CLIO = "to_clio", "Written to Clio"
        CONFLICT = "conflict", "Changed on both sides"
        IGNORED = "ignored", "Ignored"
        ASKED = "asked", "Asked for"
        NOTICE = "notice", "Noticed"

    kind = models.CharField(max_length=16)
    clio_id = models.BigIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=8, choices=Event.choices)
    words = models.TextField(default="", blank=True)
    details = models.JSONField(default=dict, blank=True)
    run = TenantForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Of what was sent: the call, with its exact bytes as long as they are kept.
    submission = TenantForeignKey(Submission, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["firm", "kind", "clio_id", "id"], name="record_event_of_record")]

    def __str__(self) -> str:
        return f"{self.event} of {self.kind} {self.clio_id}"
