"""What connecting and disconnecting leave in the firm's history, and how it reads there."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.audit import record_event, tell
from accounts.models import AuditEvent, Firm, User
from syncengine.models import Connection, Service

CONNECTED = "connected"
DISCONNECTED = "disconnected"
FORGOTTEN = "connection_forgotten"


def note(action: str, *, firm: Firm, actor: User | None, connection: Connection) -> None:
    """Write down what was done, with which account. Ids and the account's own name, never a token."""
    detail = {"service": connection.service, "remote_id": connection.remote_id, "name": connection.name}
    if connection.region:
        detail["region"] = connection.region
    record_event(firm=firm, action=action, actor=actor, detail=detail)


def last_forgotten(service: str) -> Mapping[str, Any] | None:
    """The account that the current firm's settings were made for, where its connection was forgotten since."""
    event = AuditEvent.objects.filter(action=FORGOTTEN, detail__service=service).order_by("-at", "-pk").first()
    return event.detail if event else None


def _named(detail: Mapping[str, Any]) -> dict[str, str]:
    service = str(detail.get("service"))
    label = Service(service).label if service in Service.values else service
    return {"service": label, "name": str(detail.get("name"))}


tell(CONNECTED, lambda detail: _("%(service)s was connected: %(name)s.") % _named(detail))
tell(DISCONNECTED, lambda detail: _("%(service)s was disconnected: %(name)s. Links were kept.") % _named(detail))
tell(FORGOTTEN, lambda detail: _("%(service)s was disconnected and links forgotten: %(name)s.") % _named(detail))
