"""Where logging in differs from what django-allauth does by itself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by the operator, together with their firm; nobody signs up alone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and this password do not belong together."),
        "too_many_login_attempts": _("Too many attempts failed. Wait five minutes, or choose a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        """Closed: the page then says how accounts are made."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Name the product rather than the host."""
        return f"ClioXero: {subject}"
