"""Money, dates and times as the firm writes them (LOOK.md)."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Firm
from accounts.wording import written_date, written_moment, zone_of

register = template.Library()

MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


@register.filter
def money(amount: Decimal | None, currency: str = "") -> SafeString:
    """`1234.5|money:"USD"` → 1,234.50 USD, the code in a quiet tone; a negative with a true minus sign.

    The amount is in `currency` and is written with two places; None is written as a dash.
    """
    if amount is None:
        return format_html('<span class="money" role="img" aria-label="{}">–</span>', _("no amount"))
    cents = Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
    figure = f"{abs(cents):,.2f}"
    sign = MINUS if cents < 0 else ""
    if not currency:
        return format_html('<span class="money">{}{}</span>', sign, figure)
    return format_html(
        '<span class="money">{}{}{}<span class="currency">{}</span></span>', sign, figure, NARROW_SPACE, currency
    )


@register.simple_tag(takes_context=True)
def firm_date(context: Context, value: date | None) -> SafeString:
    """A date in the firm's format, inside `<time>` with the ISO date. A datetime is taken in the firm's time zone."""
    if value is None:
        return _dash()
    firm = _firm(context)
    day = value.astimezone(zone_of(firm)).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), written_date(day, firm=firm))


@register.simple_tag(takes_context=True)
def firm_datetime(context: Context, value: datetime | None) -> SafeString:
    """A moment (aware) in the firm's format and time zone, inside `<time>` with the moment in UTC."""
    if value is None:
        return _dash()
    firm = _firm(context)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.astimezone(UTC).isoformat(timespec="seconds"),
        _("in the time zone %(zone)s") % {"zone": zone_of(firm).key},
        written_moment(value, firm=firm),
    )


def _firm(context: Context) -> Firm | None:
    request = context.get("request")
    return getattr(request, "firm", None) or None


def _dash() -> SafeString:
    return format_html('<span role="img" aria-label="{}">–</span>', _("none"))
