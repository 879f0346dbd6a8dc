"""Mails that were sent, and mail servers that behave badly."""

import re
from smtplib import SMTPServerDisconnected
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection


def newest(to: str) -> Any:
    """The newest mail to this address."""
    return next(one for one in reversed(mail.outbox) if one.to == [to])


def code_for(to: str) -> str:
    """The code in the newest mail to this address."""
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(newest(to).body), re.MULTILINE)
    assert found, newest(to).body
    return found[0]


def link_for(to: str) -> str:
    """The path of the link in the newest mail to this address."""
    found = re.search(r"https?://\S+", str(newest(to).body))
    assert found, newest(to).body
    return urlsplit(found[0]).path


class Away(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, email_messages: Any) -> int:
        """Refuse."""
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class Watched(BaseEmailBackend):
    """A mail server that notes whether a transaction was open while it was spoken to."""

    in_transaction: ClassVar[list[bool]] = []

    def send_messages(self, email_messages: Any) -> int:
        """Note it, and take the mails."""
        self.in_transaction.append(connection.in_atomic_block)
        mail.outbox.extend(email_messages)
        return len(email_messages)
