"""The firm's own settings and plan."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.firm_changes import PLANS_TO_CHOOSE
from accounts.forms.fields import FirmNameField
from accounts.models import DateFormat, Firm

# The names that people know: those of continents and oceans. Others repeat them, or are for machines.
_PARTS_OF_THE_WORLD = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class FirmSettingsForm(forms.Form):
    """The firm's name, and how pages write its times and dates."""

    name = FirmNameField()
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Pages and mails show times in it. Type the name of a city to find it."),
    )
    date_format = forms.ChoiceField(label=gettext_lazy("Dates on pages"), choices=DateFormat.choices)

    def __init__(self, data: Any, *, firm: Firm) -> None:
        shown = {"name": firm.name, "time_zone": firm.time_zone, "date_format": firm.date_format}
        super().__init__(data, initial=shown)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = time_zone_choices(kept=firm.time_zone)


class PlanForm(forms.Form):
    """The plan that the firm moved to with Clio."""

    plan = forms.ChoiceField(
        label=gettext_lazy("Which plan does your firm have with Clio now?"),
        choices=lambda: [(plan.value, str(plan.label)) for plan in PLANS_TO_CHOOSE],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose Boutique or Elite.")},
    )


def time_zone_choices(*, kept: str) -> list[tuple[str, Any]]:
    """Every time zone by its part of the world, cities by name; `kept` too where it is none of those."""
    groups: dict[str, list[tuple[str, str]]] = {part: [] for part in _PARTS_OF_THE_WORLD}
    for zone in sorted(available_timezones()):
        part, _slash, city = zone.partition("/")
        if city and part in groups:
            groups[part].append((zone, city.replace("_", " ").replace("/", ", ")))
    known = {zone for zones in groups.values() for zone, _city in zones}
    single = [("UTC", _("UTC"))] + ([(kept, kept)] if kept not in known | {"UTC"} else [])
    return [*single, *groups.items()]
