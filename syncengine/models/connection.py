"""Grants (logins at Clio or Xero) and connections (a firm's tie to one Clio account and one Xero organisation)."""

from django.db import models

from accounts.firm_scope import TenantModel
from syncengine.models.encrypted import EncryptedJSONField


class Service(models.TextChoices):
    """The two applications."""

    CLIO = "clio", "Clio"
    XERO = "xero", "Xero"


class Grant(models.Model):
    """One login's consent: its tokens, and the lease of whoever refreshes them (DESIGN §4.7).

    It has no firm, since connections of several firms may share one Xero login; it is reached only through a connection
    of the current firm. Xero rotates refresh tokens, Clio does not (C 1.11, X 9.2).
    """

    class State(models.TextChoices):
        GOOD = "good", "good"
        REVOKED = "revoked", "revoked"

    service = models.CharField(max_length=8, choices=Service.choices)
    #: Who consented: Xero's xero_userid; for Clio "region:user id".
    subject = models.CharField(max_length=200)
    #: access_token, refresh_token, scope.
    tokens = EncryptedJSONField(null=True)
    expires_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.GOOD)
    generation = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=64, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "subject"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.service} grant {self.pk}"


class Connection(TenantModel):
    """A firm's tie to its Clio account or Xero organisation, kept when disconnected so that links still hold."""

    class State(models.TextChoices):
        CONNECTED = "connected", "Connected"
        DISCONNECTED = "disconnected", "Disconnected"
        BROKEN = "broken", "Needs reconnecting"

    service = models.CharField(max_length=8, choices=Service.choices)
    grant = models.ForeignKey(Grant, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Clio's account id or Xero's tenant id.
    remote_id = models.CharField(max_length=64)
    #: Clio's region; empty for Xero. Account ids of two regions may coincide.
    region = models.CharField(max_length=4, default="", blank=True)
    name = models.CharField(max_length=255)
    #: Creation of the Clio account: decides about appended ids (BEHAVIOUR §3).
    remote_created_at = models.DateTimeField(null=True)
    #: Xero's id of the connection, to disconnect this organisation alone (X 9.5).
    remote_connection_id = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.CONNECTED)
    problem = models.TextField(default="", blank=True)
    connected_at = models.DateTimeField()
    last_good_call_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["firm", "service"], name="connection_once_a_firm"),
            models.UniqueConstraint(fields=["service", "region", "remote_id"], name="connection_serves_one_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.service} connection {self.pk}"


class OrganisationChoice(TenantModel):
    """Xero organisations offered after a consent that reached several, until the admin chooses one."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+")
    #: [{"tenant_id", "name", "connection_id"}]
    offered = models.JSONField()
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm"], name="organisation_choice_once")]

    def __str__(self) -> str:
        return f"organisation choice {self.pk}"
