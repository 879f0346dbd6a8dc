"""Reviews: a plan that removes unusually much waits until an admin has looked at it (BEHAVIOUR §9, the brake)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.firm_scope import TenantModel
from syncengine.domain.records import digest_of


class Review(TenantModel):
    """The removals that one plan asked for, and what an admin decided about them.

    `items` holds [kind, clio_id] of each document that would go. A decision covers these and no others: what comes
    later is counted anew.
    """

    class State(models.TextChoices):
        OPEN = "open", "To be looked at"
        APPROVED = "approved", "Go ahead"
        KEPT = "kept", "Kept"

    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    items = models.JSONField(default=list)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["firm"], name="review_one_open", condition=Q(state="open")),
        ]
        indexes = [models.Index(fields=["firm", "state"], name="review_state")]

    @property
    def mark(self) -> str:
        """Mark of the list that an admin sees: a decision names it, so that it covers that list and no other."""
        return digest_of([self.pk, self.items])

    def __str__(self) -> str:
        return f"review {self.pk}"
