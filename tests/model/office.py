"""The office of the model test: one firm, whose every history begins with fresh stand-ins and at the same moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from django.db import transaction

from accounts.firm_scope import TenantModel, firm_scope
from sandbox.clock import Clock
from syncengine import models
from tests.model.in_process import adapter_for
from tests.support.practice import Practice
from tests.support.servers import empty_redis

MONDAY = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
#: Bound anew for every history, and the same each time.
_KEPT = "Connection"


class Office(Practice):
    """A connected and configured firm without bills. Time stands still unless somebody moves it."""

    def __init__(self) -> None:
        super().__init__(bills=0, clock=Clock(source=lambda: MONDAY))

    def begin_anew(self) -> None:
        """Forget all that happened on both sides and in between, and connect again."""
        for server in (self.clio, self.xero):
            server.faults.clear()
            server.calls.reset()
        self.clock.reset()
        self.clio.reset()
        self.xero.reset()
        self.lift_limits()
        for recorder in (self.asked_of_clio, self.asked_of_xero):
            recorder.requests.clear()
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            empty_redis(client)
        with firm_scope(self.firm), transaction.atomic():
            for model in _tenant_models():
                rows = model.objects.all()
                rows._raw_delete(rows.db)
        self.connect()


def _tenant_models() -> list[type[TenantModel]]:
    found = [getattr(models, name) for name in models.__all__ if name != _KEPT]
    return [one for one in found if isinstance(one, type) and issubclass(one, TenantModel)]


@contextmanager
def open_office(settings: Any) -> Iterator[Office]:
    """An office whose calls to the two APIs stay within this process; only logging in goes over HTTP."""
    office = Office()
    places = {office.clio_url: office.asked_of_clio, office.xero_url: office.asked_of_xero}
    apps = {url.removeprefix("http://"): app for url, app in places.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("syncengine.transport.session.LiteralAdapter", adapter_for(apps))
        try:
            office.open(settings)
            yield office
        finally:
            office.stop()
