"""Times and reasons in words."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def without_time(message: str) -> str:
    """What a limit says of itself, without the time (UTC) that stands beside it in the firm's own."""
    told, _semicolon, _when = message.partition("; it goes on at")
    return sentence(told)


def lasting(time: timedelta) -> str:
    """About how long: "less than a minute", "about 12 minutes", "about 3 hours"."""
    minutes = -(-int(time.total_seconds()) // 60)
    if minutes <= 1:
        return _("about a minute at most")
    if minutes < 90:
        return ngettext("about %(n)s minute", "about %(n)s minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    if hours < 48:
        return ngettext("about %(n)s hour", "about %(n)s hours", hours) % {"n": hours}
    days = -(-hours // 24)
    return ngettext("about %(n)s day", "about %(n)s days", days) % {"n": days}


def sentence(message: str) -> str:
    """A message as a sentence of its own; nothing stays nothing."""
    return message if not message or message.endswith((".", "!", "?")) else f"{message}."


def written(figure: str) -> str:
    """An amount as pages write it: 1,612.83, with a true minus sign; what is no amount as it is."""
    try:
        return f"{Decimal(figure):,.2f}".replace("-", "\N{MINUS SIGN}")
    except InvalidOperation:
        return figure
