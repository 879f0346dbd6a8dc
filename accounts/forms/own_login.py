"""The forms about one's own login that are allauth's, in our words."""

from typing import Any

from allauth.account.forms import AddEmailForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddAddressForm(AddEmailForm):  # type: ignore[misc]  # allauth has no types
    """One more address to log in with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].error_messages["required"] = _("Write the address.")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, before a page about one's own login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Write your password.")


class _CodeForm(forms.Form):
    """A code, with a label that says which one."""

    code_label = _("Code of your app, or a recovery code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = self.code_label
        field.error_messages["required"] = _("Write the code that your app shows.")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update(autocapitalize="off", spellcheck="false")


class TurnOnForm(_CodeForm, ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """Turn the second step on: only the app's own code will do."""

    code_label = _("Code that the app shows")


class LoginCodeForm(_CodeForm, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step itself."""


class CodeAgainForm(_CodeForm, ReauthenticateByCodeForm):  # type: ignore[misc]  # allauth has no types
    """The second step once more, before a page about one's own login."""
