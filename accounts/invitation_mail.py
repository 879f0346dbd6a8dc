"""The mail with an invitation's link."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.invitations import Issued, mark_sent
from accounts.mails import send_mail
from accounts.models import Firm, User
from accounts.wording import ROLE_MEANING, written_moment


def mail_invitation(issued: Issued, *, firm: Firm, inviter: User, now: datetime) -> None:
    """Mail the link, and note that it went out. Raises MailNotSent. Call where no transaction is open."""
    row = issued.invitation
    send_mail(
        template="accounts/email/invitation",
        to=row.email,
        context={
            "firm": firm,
            "inviter": inviter,
            "role": row.get_role_display(),
            "meaning": ROLE_MEANING[row.role],
            "url": settings.BASE_URL + reverse("invitation", args=[issued.token]),
            "until": written_moment(row.expires_at, firm=firm),
            "email": row.email,
        },
    )
    mark_sent(row, now=now)
