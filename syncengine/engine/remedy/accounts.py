"""The remedy for an account or tax rate that is missing or archived: another one, chosen on the row (BEHAVIOUR §3)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Firm, User
from syncengine.domain.rules import CategoryKey
from syncengine.domain.setting_names import SETTING_NAMES
from syncengine.domain.ways import category_of_field
from syncengine.engine.configure import Change, save_categories, save_settings
from syncengine.engine.decisions import plan_again
from syncengine.engine.remedy.common import open_error
from syncengine.engine.schedule import ask_for_run
from syncengine.models import RecordEvent, SyncError

_EVENTS_AT_ONCE = 1000


def choose_setting(
    *, firm: Firm, user: User, error_id: int, fields: Sequence[str], value: str, now: datetime
) -> tuple[list[Change], int]:
    """Save one account, or tax rate, for the settings and categories that a problem's cause names.

    `fields` are those of `domain.ways.fields_to_mend`, and `value` was checked against the chart as the settings page
    does. All records of the cause are tried again. Gives what was changed, and how many records that concerns.

    Raises:
        RemedyError: the problem is over.
    """
    row = open_error(error_id)
    settings = {field: value for field in fields if field in SETTING_NAMES}
    categories: dict[CategoryKey, str | None] = {
        key: value for key in map(category_of_field, fields) if key is not None
    }
    changes: list[Change] = []
    with transaction.atomic():
        if settings:
            changes += save_settings(firm=firm, user=user, values=settings, version=None, now=now)
        if categories:
            changes += save_categories(firm=firm, user=user, wanted=categories, version=None, now=now)
        concerned = _try_again(row, user, changes, now)
    ask_for_run(firm=firm, now=now)
    return changes, concerned


def _try_again(row: SyncError, user: User, changes: list[Change], now: datetime) -> int:
    """Have every record of the cause planned again, and say in its history why."""
    alike = SyncError.objects.filter(code=row.code, cause=row.cause, state=SyncError.State.OPEN)
    words = "; ".join(f"{change.name}: {change.old} → {change.new}" for change in changes)
    concerned = list(alike.values_list("kind", "clio_id"))
    for kind in {kind for kind, _clio_id in concerned}:
        plan_again(kind=kind, clio_ids=alike.filter(kind=kind).values("clio_id"))
    RecordEvent.objects.bulk_create(
        (
            RecordEvent(
                kind=kind,
                clio_id=clio_id,
                at=now,
                event=RecordEvent.Event.ASKED,
                words=words,
                details={"by": str(user)},
            )
            for kind, clio_id in concerned
            if clio_id is not None
        ),
        batch_size=_EVENTS_AT_ONCE,
    )
    return len(concerned)
