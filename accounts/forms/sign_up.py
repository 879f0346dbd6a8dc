"""Signing a firm up: alone, with a login to be made, or with the login one has."""

from typing import Any

from allauth.account.forms import ConfirmEmailVerificationCodeForm, SignupForm
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.forms.fields import FirmNameField, PersonNameField, PlanField, RegionField
from accounts.models import User
from accounts.sign_up import Answers, begun_login, keep_answers
from accounts.unproven import unproven_login


class FirmForm(forms.Form):
    """What is asked about a firm."""

    firm_name = FirmNameField()
    plan = PlanField()
    region = RegionField()

    def answers(self) -> Answers:
        """What was asked; call once the form is valid."""
        given = self.cleaned_data
        return Answers(firm_name=given["firm_name"], plan=given["plan"], region=given["region"])


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth has no types
    """A firm and its first admin. allauth makes the login and proves its address; the firm waits for that."""

    firm_name = FirmNameField()
    plan = PlanField()
    region = RegionField()
    name = PersonNameField()
    field_order = ("firm_name", "plan", "region", "name", "email", "password1")
    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your e-mail address")
        self.fields["email"].help_text = _("You log in with it. A code goes there first, to see that it is yours.")
        self.fields["email"].error_messages["required"] = _("Write your e-mail address.")
        self.fields["password1"].error_messages["required"] = _("Choose a password.")

    def validate_unique_email(self, value: str) -> str:
        """Whether somebody has the address; a sign-up that nobody proved does not take it."""
        email: str = super().validate_unique_email(value)
        if self.account_already_exists and unproven_login(email) is not None:
            self.account_already_exists = False
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the login, or go on with the one that the first of two clicks has made this moment."""
        try:
            made: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            self.account_already_exists = unproven_login(self.cleaned_data["email"]) is None
            made = super().try_save(request)
        return made

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """The login, new or begun by the same form, with what waits for its address to be proven."""
        given = self.cleaned_data
        begun = begun_login(given["email"], name=given["name"], password=given["password1"], answers=self._answers())
        return begun or super().save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002  (allauth's signature)
        """Keep what allauth does not ask."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        keep_answers(user=user, answers=self._answers())

    def _answers(self) -> Answers:
        given = self.cleaned_data
        return Answers(firm_name=given["firm_name"], plan=given["plan"], region=given["region"])


class ProveAddressForm(ConfirmEmailVerificationCodeForm):  # type: ignore[misc]  # allauth has no types
    """The code that was mailed. It proves nothing where the login it was for has given way to a newer sign-up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].error_messages["required"] = _("Write the code from the mail.")

    def clean_code(self) -> str:
        """The code, where it is right and its login is still there."""
        code: str = super(ConfirmEmailVerificationCodeForm, self).clean_code()
        if self.user is None:
            raise forms.ValidationError(
                _("This code is good no more: the address was used anew since. Use the newest mail's code.")
            )
        super().clean_code()
        return code
