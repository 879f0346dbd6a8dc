"""Grants as rows: saving a consent's tokens, and letting go of a grant that nothing uses any more."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from syncengine.models import Grant


@dataclass(frozen=True, slots=True)
class Consent:
    """What a login allowed. `subject` names the login within `service`; `expires_at` (UTC) ends the access token."""

    service: str
    subject: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scope: str = ""

    def tokens(self) -> dict[str, str]:
        """As the grant keeps them, encrypted."""
        return {"access_token": self.access_token, "refresh_token": self.refresh_token, "scope": self.scope}


def save_consent(consent: Consent) -> Grant:
    """Put a consent's tokens into the login's one grant (X 9.4), inside the caller's transaction.

    The generation rises and the lease ends, so a refresh of the older tokens that is under way saves nothing.
    """
    made, _created = Grant.objects.get_or_create(service=consent.service, subject=consent.subject)
    grant = Grant.objects.select_for_update().get(pk=made.pk)
    grant.tokens = consent.tokens()
    grant.expires_at = consent.expires_at
    grant.state = Grant.State.GOOD
    grant.generation += 1
    grant.lease_owner = ""
    grant.lease_until = None
    grant.save()
    return grant


def drop_if_unused(grant_id: int | None) -> bool:
    """Delete a grant unless a connection or a choice still points to it, in whichever firm; True if it is gone.

    Rows of other firms cannot be seen from here; the database's foreign keys see them, and refuse.
    """
    if grant_id is None:
        return False
    try:
        with transaction.atomic():
            rows = Grant.objects.filter(pk=grant_id)
            rows._raw_delete(rows.db)
            connection.check_constraints()
    except IntegrityError:
        return False
    return True
