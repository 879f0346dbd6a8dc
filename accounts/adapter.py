"""Where logging in and signing up differ from what django-allauth does by itself."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import open_firm
from accounts.mails import TROUBLE
from accounts.models import User
from accounts.sign_up import finish_sign_up, is_open

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Opens sign-up where the installation does, makes the firm once the address is proven, and names the product."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("This e-mail address and this password do not belong together."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts failed. Wait five minutes, or choose a new password."
        ),
        "incorrect_code": gettext_lazy(
            "This is not the code of the newest mail. Look for it there, or ask for a new one."
        ),
        "rate_limited": gettext_lazy("Enough mails for now. Wait a minute, then ask again."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "duplicate_email": gettext_lazy("This is one of your addresses already."),
        "email_taken": gettext_lazy("Another login has this address."),
        "max_email_addresses": gettext_lazy("A login has at most %d addresses. Remove one first."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        """Unless SIGN_UP is off: the page then says how accounts are made."""
        return is_open()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  (allauth's signature)
        """Back to the page about one's own login, which says that it is done."""
        return reverse("own_login")

    def format_email_subject(self, subject: str) -> str:
        """Name the product rather than the host."""
        return f"ClioXero: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail of allauth's; where the mail server is away, answer with a page that says so."""
        try:
            super().send_mail(template_prefix, email, context)
        except TROUBLE as problem:
            logger.warning("a mail (%s) was not sent: %s", template_prefix, type(problem).__name__)
            raise ImmediateHttpResponse(render(self.request, "accounts/mail_failed.html", status=503)) from problem

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """After every step of logging in, so that the address is proven: make the firm that waits for that."""
        firm = finish_sign_up(user=user)
        if firm is not None:
            open_firm(request, user=user, firm=firm)
            messages.success(request, _("%(firm)s is set up, and you are its admin.") % {"firm": firm.name})
        answer: HttpResponse = super().post_login(request, user, **facts)
        return answer

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How somebody may confirm that it is them, in our words."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        words = {
            "reauthenticate": _("With my password"),
            "mfa_reauthenticate": _("With a code of my app, or a recovery code"),
        }
        return [{**method, "description": words.get(method["id"], method["description"])} for method in methods]


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What can go wrong in the second step of logging in, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not good, or no longer: each works once, and the app shows a new one every 30 seconds."
        ),
        "unverified_email": gettext_lazy("Prove your e-mail addresses first, or remove those that are not proven."),
        "cannot_delete_authenticator": gettext_lazy("The second step cannot be turned off."),
        "cannot_generate_recovery_codes": gettext_lazy("Recovery codes need the second step: turn it on first."),
    }
