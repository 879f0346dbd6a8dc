"""Mails that this application writes itself. They are sent when nothing is left open in the database."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import get_adapter

logger = logging.getLogger(__name__)

#: What goes wrong between us and a mail server: it refuses, is away, or takes too long.
TROUBLE = (SMTPException, OSError)


class MailNotSent(Exception):  # noqa: N818
    """The mail server did not take a mail. Nothing else is lost by it."""


def send_mail(*, template: str, to: str, context: dict[str, Any]) -> None:
    """Send `template`_subject.txt and `template`_message.txt to one address, inside a request. Raises MailNotSent."""
    try:
        get_adapter().render_mail(template, to, context).send()
    except TROUBLE as problem:
        logger.warning("a mail (%s) was not sent: %s", template, type(problem).__name__)
        raise MailNotSent(template) from problem
