"""Money, dates and ids as Xero writes them (X 4.2, 4.3, 12.2)."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
NO_ID = "00000000-0000-0000-0000-000000000000"
_STEPS = {places: Decimal(1).scaleb(-places) for places in (2, 4, 6)}
_MS_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Round half away from zero (X 17.10: the examples known fit this)."""
    return value.quantize(_STEPS[places], rounding=ROUND_HALF_UP)


def ms_time(moment: datetime) -> str:
    """A time as /Date(ms+0000)/."""
    return f"/Date({(moment - _EPOCH) // timedelta(milliseconds=1)}+0000)/"


def ms_date(day: date) -> str:
    """A day as /Date(ms+0000)/ at midnight UTC."""
    return f"/Date({(day.toordinal() - 719163) * 86_400_000}+0000)/"


def date_string(day: date) -> str:
    """A day as the DateString beside it: 2026-09-14T00:00:00."""
    return f"{day.isoformat()}T00:00:00"


def sql_time(moment: datetime) -> str:
    """A time as the connections show it: seven decimals, no zone (X 2.2)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"


def parse_moment(text: str) -> datetime:
    """Read YYYY-MM-DD, an ISO time or /Date(ms)/; without a zone it is UTC. Raises ValueError."""
    found = _MS_DATE.match(text)
    if found:
        return _EPOCH + timedelta(milliseconds=int(found.group(1)))
    if "-" not in text[:5]:
        raise ValueError(text)  # 20100510 is no date for Xero (X 5.4), though Python would read it
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_day(text: str) -> date:
    """Read a date in any of the three forms. Raises ValueError."""
    return parse_moment(text).date()


def is_guid(text: str) -> bool:
    """Whether the text has the form of an id."""
    return bool(_GUID.match(text))


def folded(text: str) -> str:
    """How Xero compares names and numbers: case and runs of spaces do not matter (X 7.4, 7.5)."""
    return " ".join(text.split()).casefold()
