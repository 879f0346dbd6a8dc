"""Save what an admin configured: compared and swapped, kept in the history, followed by a run (BEHAVIOUR §3)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record_event, tell
from accounts.models import Firm, User
from syncengine.domain.chart import Chart, chart_from_payloads, mark_of
from syncengine.domain.rules import CategoryKey
from syncengine.domain.setting_names import ACCOUNT_SETTINGS, SETTING_NAMES, TAX_SETTINGS
from syncengine.engine.preview.work import ask_for_preview
from syncengine.engine.schedule import ask_for_run
from syncengine.models import CategoryAccount, Preview, ReferenceList, SyncSettings

_Name = ReferenceList.Name


class StaleSettingsError(Exception):
    """Somebody saved since the form was opened: `saved_by`, at `saved_at` (UTC). Nothing was saved now."""

    def __init__(self, *, saved_by: User | None = None, saved_at: datetime | None = None) -> None:
        super().__init__("The settings were saved by somebody else since this form was opened.")
        self.saved_by = saved_by
        self.saved_at = saved_at


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that was changed, by the names that people know: "200 – Sales", "on", "2026-01-31"."""

    name: str
    old: str
    new: str


def save_settings(
    *, firm: Firm, user: User, values: Mapping[str, Any], version: int | None, now: datetime
) -> list[Change]:
    """Save checked values under the names of `SETTING_NAMES` and answer what changed; the next run starts at once.

    Before the first sync was started, a preview that there is gets made again.

    `version` is the one that the form was opened with; None accepts whatever stands. Saving the same again changes
    nothing and is no conflict, so a double click is harmless.

    Raises:
        StaleSettingsError: somebody else saved in between; nothing was saved.
    """
    row, _made = SyncSettings.objects.get_or_create()
    row_values = {name: values[name] for name in SETTING_NAMES if name in values}
    changed = {name: value for name, value in row_values.items() if getattr(row, name) != value}
    if not changed and row.saved_at:
        return []
    if version is not None and version != row.version:
        raise _stale(row)
    chart = _chart()
    changes = [
        Change(SETTING_NAMES[name], _told(name, getattr(row, name), chart), _told(name, value, chart))
        for name, value in changed.items()
    ]
    with transaction.atomic():
        standing = SyncSettings.objects.filter(pk=row.pk, version=row.version)
        if not standing.update(**changed, version=row.version + 1, saved_at=now, saved_by=user):
            raise _stale(SyncSettings.objects.select_related("saved_by").get(pk=row.pk))
        record_event(firm=firm, actor=user, action="settings_saved", detail={"changes": [*map(asdict, changes)]})
    _follow(firm, now=now)
    return changes


def _follow(firm: Firm, *, now: datetime) -> None:
    """Let what was saved take effect: by a run; while the firm is being set up, by a new preview if there is one."""
    ask_for_run(firm=firm, now=now)
    if Preview.objects.exists():
        ask_for_preview(firm=firm, now=now)


def _stale(row: SyncSettings) -> StaleSettingsError:
    return StaleSettingsError(saved_by=row.saved_by, saved_at=row.saved_at)


def save_categories(
    *, firm: Firm, user: User, wanted: Mapping[CategoryKey, str | None], version: str | None, now: datetime
) -> list[Change]:
    """Save the account of each category named in `wanted` and answer what changed; the next run starts at once.

    An AccountID is the firm's choice, empty text the page's default, None leaves it to what Clio itself holds.

    Raises:
        StaleSettingsError: `version` is given, and somebody else saved in between; nothing was saved.
    """
    settings, _made = SyncSettings.objects.get_or_create()
    names, chart = _category_names(), _chart()
    with transaction.atomic():
        SyncSettings.objects.select_for_update().get(pk=settings.pk)  # one at a time
        rows = {(row.kind, row.clio_id): row for row in CategoryAccount.objects.all()}
        chosen: dict[CategoryKey, str] = {(key[0], key[1]): row.account_id for key, row in rows.items()}  # type: ignore[misc]
        changed = {key: value for key, value in wanted.items() if chosen.get(key) != value}
        if not changed:
            return []
        if version is not None and version != mark_of(chosen):
            raise StaleSettingsError
        for (kind, clio_id), account_id in changed.items():
            if account_id is None:
                CategoryAccount.objects.filter(kind=kind, clio_id=clio_id).delete()
            else:
                CategoryAccount.objects.update_or_create(
                    kind=kind, clio_id=clio_id, defaults={"account_id": account_id}
                )
        changes = [
            Change(names.get(key, str(key[1])), _category_told(chosen.get(key), chart), _category_told(value, chart))
            for key, value in changed.items()
        ]
        record_event(firm=firm, actor=user, action="categories_saved", detail={"changes": [*map(asdict, changes)]})
    _follow(firm, now=now)
    return changes


def _chart() -> Chart:
    lists = dict(
        ReferenceList.objects.filter(name__in=(_Name.ACCOUNTS, _Name.TAX_RATES)).values_list("name", "payload")
    )
    return chart_from_payloads(accounts=lists.get(_Name.ACCOUNTS, ()), tax_rates=lists.get(_Name.TAX_RATES, ()))


def _category_names() -> dict[CategoryKey, str]:
    payload: Iterable[dict[str, Any]] = (
        ReferenceList.objects.filter(name=_Name.CATEGORIES).values_list("payload", flat=True).first() or ()
    )
    return {(row["kind"], row["id"]): row["name"] for row in payload}


def _told(name: str, value: Any, chart: Chart) -> str:
    """The value as people name it; the history keeps it after the account is gone."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, date):
        return value.isoformat()
    if not value:
        return _("None")
    if name in ACCOUNT_SETTINGS and value in chart.accounts:
        return chart.accounts[value].label
    if name in TAX_SETTINGS and value in chart.tax_rates:
        return chart.tax_rates[value].name
    return str(value)


def _category_told(account_id: str | None, chart: Chart) -> str:
    if account_id is None:
        return _("as Clio holds it")
    return _told(ACCOUNT_SETTINGS[0], account_id, chart) if account_id else _("the default")


def _changes_in_words(detail: Mapping[str, Any]) -> str:
    return "; ".join(f"{row['name']}: {row['old']} → {row['new']}" for row in detail.get("changes", ()))


tell(
    "settings_saved",
    lambda detail: _("Xero settings saved. %(changes)s") % {"changes": _changes_in_words(detail)},
)
tell(
    "categories_saved",
    lambda detail: _("Category accounts saved. %(changes)s") % {"changes": _changes_in_words(detail)},
)
