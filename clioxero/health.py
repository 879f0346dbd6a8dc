"""Two questions that a load balancer asks."""

import redis
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

_SECONDS = 2.0


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whether the process is alive; asks neither server."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whether pages can be served: 200 where database and Redis answer, else 503 and which of them does not."""
    silent = [name for name, answers in (("database", _database()), ("redis", _redis())) if not answers]
    if silent:
        return HttpResponse(f"no answer: {', '.join(silent)}\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True


def _redis() -> bool:
    if not settings.REDIS_URL:
        return False
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
