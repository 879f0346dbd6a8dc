"""Inviting people, their roles, and coming in by an invitation."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PersonNameField, RoleField
from accounts.models import User


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the address of the person you invite."),
            "invalid": _("Write a whole e-mail address, like name@example.com."),
        },
    )
    role = RoleField()

    def clean_email(self) -> str:
        """The address in lower case, as it is kept."""
        email: str = self.cleaned_data["email"]
        return email.lower()


class RoleForm(forms.Form):
    """Which role a person of the firm has."""

    role = RoleField()


class JoinForm(forms.Form):
    """Who comes in by an invitation and has no login yet."""

    name = PersonNameField()
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean_password(self) -> str:
        """A password that is hard to guess."""
        password: str = self.cleaned_data["password"]
        get_adapter().clean_password(password, user=User(email=self._email))
        return password
