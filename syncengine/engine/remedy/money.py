"""What follows from choices about payments and credits (BEHAVIOUR §6, §7): each becomes a decision on its link."""

from dataclasses import asdict
from typing import Any, Final

from accounts.models import User
from syncengine.engine.decisions import Act, AlreadyDecidedError, Decision
from syncengine.engine.remedy.choosing import register
from syncengine.engine.remedy.common import link_of
from syncengine.models import Link, SyncError

#: Errors whose choices are made part of the link that they are about.
CHOICES: Final = ("payment_which", "payment_deleted_again", "credit_taken_off")


def _write_down(*, user: User, error: SyncError, value: str, **_: Any) -> None:
    link = link_of(kind=error.kind, clio_id=error.clio_id)
    decision = Decision(Act.CHOOSE, str(user), error.message, link.xero_id or "", {"of": error.code, "value": value})
    if not Link.objects.filter(pk=link.pk, decided={}).update(decided=asdict(decision)):
        link.refresh_from_db(fields=["decided"])
        raise AlreadyDecidedError(str(link.decided.get("words", "")))


for _code in CHOICES:
    register(_code, _write_down)
