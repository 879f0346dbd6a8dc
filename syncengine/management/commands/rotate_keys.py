"""`manage.py rotate_keys`: encrypt everything that is stored with the first of TOKEN_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from syncengine.models import Grant, Submission


class Command(BaseCommand):
    help = "Encrypt stored tokens and saved requests with the first key of TOKEN_KEYS; then old keys can go."

    def handle(self, *_: Any, **__: Any) -> None:
        grants = 0
        for grant in Grant.objects.exclude(tokens=None).iterator():
            # By generation: a token pair that is renewed meanwhile is under the first key already.
            grants += Grant.objects.filter(pk=grant.pk, generation=grant.generation).update(tokens=grant.tokens)
        bodies = 0
        held = Submission.unscoped.filter(Q(body__isnull=False) | Q(items__isnull=False))
        for submission in held.order_by("pk").iterator(chunk_size=100):
            values = {"body": submission.body, "items": submission.items}
            bodies += Submission.unscoped.filter(pk=submission.pk, body__isnull=False).update(**values)
        self.stdout.write(f"{grants} logins and {bodies} saved requests are encrypted with the first key.")
