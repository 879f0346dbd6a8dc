"""Words about roles, and dates as a firm writes them: for pages, mails and forms alike."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import DateFormat, Firm, Role

#: What a role may do (BEHAVIOUR.md §1), to stand after its name.
ROLE_MEANING: dict[str, Promise] = {
    Role.ADMIN: _("connects, configures, invites and disconnects"),
    Role.STAFF: _("sees everything, retries and ignores sync errors"),
    Role.VIEWER: _("sees and downloads, changes nothing"),
}
_DATES = {DateFormat.MDY: "m/d/Y", DateFormat.DMY: "d/m/Y", DateFormat.ISO: "Y-m-d", DateFormat.WORDS: "j M Y"}


def zone_of(firm: Firm | None) -> ZoneInfo:
    """The firm's time zone; UTC where no firm is open."""
    return ZoneInfo(firm.time_zone if firm else "UTC")


def written_date(day: date, *, firm: Firm | None) -> str:
    """A date as the firm writes it; the ISO date where no firm is open."""
    return format_date(day, _DATES[DateFormat(firm.date_format) if firm else DateFormat.ISO])


def written_moment(moment: datetime, *, firm: Firm | None) -> str:
    """A moment (aware) as the firm writes it, in the firm's time zone: "11/23/2026, 3:05 PM"."""
    local = moment.astimezone(zone_of(firm))
    clock = format_date(local, "g:i A" if firm and firm.date_format == DateFormat.MDY else "H:i")
    return f"{written_date(local.date(), firm=firm)}, {clock}"
