"""Celery: workers that are woken through Redis, and beat that wakes the firms that are due.

The database is the queue of truth (DESIGN.md §2): a lost message costs one beat, never a bill. Hence early
acknowledgement, no results, and one message at a time for each worker process.
"""

import os
import ssl
import sys
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from clioxero.environment import EnvironmentProblem, require_servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clioxero.settings")

# Seconds after which Redis hands out a task that nobody acknowledged. With early acknowledgement only a worker that
# dies between fetching and starting leaves one; a slice lasts 30 seconds at most.
_VISIBILITY_SECONDS = 300


def _configuration() -> dict[str, Any]:
    if "celery" in Path(sys.argv[0]).parts[-2:]:  # a worker or beat, not a page that hands them work
        _require_servers()
    broker = settings.CELERY_BROKER_URL
    return {
        "broker_url": broker,
        "broker_use_ssl": {"ssl_cert_reqs": ssl.CERT_REQUIRED} if (broker or "").startswith("rediss:") else None,
        "broker_transport_options": {"visibility_timeout": _VISIBILITY_SECONDS},
        "broker_connection_retry_on_startup": True,
        "result_backend": None,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": False,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_send_task_events": False,
        "timezone": "UTC",
        "enable_utc": True,
        # In memory: every entry repeats within seconds, so nothing is worth remembering over a restart.
        "beat_scheduler": "celery.beat:Scheduler",
        "beat_schedule": {
            "wake-due-firms": {
                "task": "syncengine.tasks.wake_due_firms",
                "schedule": 10.0,
                "options": {"expires": 10.0},
            },
        },
    }


def _require_servers() -> None:
    """End the process with one line where nobody told it where the servers are."""
    try:
        require_servers(os.environ)
    except EnvironmentProblem as problem:
        sys.stderr.write(f"clioxero: {problem}\n")
        sys.exit(2)


app = Celery("clioxero")
app.add_defaults(_configuration)
app.autodiscover_tasks()


@setup_logging.connect
def _leave_the_logs_as_django_set_them_up(**_: Any) -> None:
    """Stop Celery from setting up its own: it does so where nobody answers this signal."""
