"""Fields that several forms share."""

import re
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Plan, Role
from accounts.provisioning import ProvisioningError, checked_name
from accounts.sign_up import served_regions
from accounts.wording import ROLE_MEANING

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")


class FirmNameField(forms.CharField):
    """A firm's name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=options.pop("label", gettext_lazy("Firm's name")),
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "organization"}),
            error_messages={"required": gettext_lazy("Write the firm's name.")},
            **options,
        )

    def clean(self, value: Any) -> str:
        """The name with its white space folded."""
        try:
            return checked_name(super().clean(value))
        except ProvisioningError as problem:
            raise forms.ValidationError(capfirst(problem.message)) from problem


class PersonNameField(forms.CharField):
    """A person's name, as others in the firm will see it."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Your name"),
            max_length=150,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": gettext_lazy("Write your name; the firm's people and its history show it.")},
        )

    def clean(self, value: Any) -> str:
        """The name with its white space folded."""
        name = " ".join(str(super().clean(value)).split())
        if _CONTROL_CHARACTERS.search(name):
            raise forms.ValidationError(_("Your name holds characters that cannot be printed; remove them."))
        return name


class PlanField(forms.ChoiceField):
    """Which plan the firm has with Clio; its API does not tell (BEHAVIOUR §1)."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Your firm's plan with Clio"),
            choices=[("", gettext_lazy("Choose…")), *Plan.choices],
            help_text=gettext_lazy(
                "Legacy, Loyalty, Boutique and Elite include the Xero integration. With another plan you can look at "
                "every page, but nothing syncs until you move to Boutique or Elite."
            ),
            error_messages={"required": gettext_lazy("Choose the plan that your firm has with Clio.")},
        )


class RegionField(forms.ChoiceField):
    """Where the firm's Clio account lives: the regions that this installation serves."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Region of your Clio account"),
            choices=lambda: [
                ("", _("Choose…")),
                *((region.value, str(region.label)) for region in served_regions()),
            ],
            help_text=gettext_lazy(
                "The address you log in to Clio at tells it: app.clio.com is the United States; ca., eu. and "
                "au.app.clio.com are the others."
            ),
            error_messages={"required": gettext_lazy("Choose the region that your Clio account lives in.")},
        )


class RoleField(forms.ChoiceField):
    """A role, each with what it may do beside it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("Role"),
            choices=lambda: [(role.value, _role_words(role)) for role in Role],
            widget=forms.RadioSelect,
            error_messages={"required": gettext_lazy("Choose a role.")},
            **options,
        )


def _role_words(role: Role) -> SafeString:
    return format_html('<strong>{}</strong> <span class="choice-help">{}</span>', role.label, ROLE_MEANING[role])
