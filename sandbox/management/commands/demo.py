"""`manage.py demo`: everything on one machine, with stand-ins for Clio and Xero."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sandbox.demo_plan import FOLDER, Demo
from sandbox.supervisor import run


class Command(BaseCommand):
    """Hands over to the supervisor, whose exit code it returns."""

    help = "Start everything, with stand-ins for Clio and Xero, and run a first sync. Ctrl-C stops all of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sync twice, compare both sides, and stop")
        parser.add_argument("--bills", type=_bills, default=200, help="how many bills the firm has (default 200)")
        parser.add_argument("--port", type=_port, default=8000, help="the pages' port (default 8000)")
        parser.add_argument(
            "--sandbox-port",
            type=_port,
            default=8100,
            help="the stand-in Clio's port; the stand-in Xero takes the next one (default 8100)",
        )
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where data and logs lie (default var/demo)")

    def handle(self, *_args: Any, **options: Any) -> None:
        names = ("once", "bills", "port", "sandbox_port", "folder")
        sys.exit(run(Demo(**{name: options[name] for name in names})))


def _port(text: str) -> int:
    """A port that leaves room for the next one."""
    return _between(text, 1, 65534)


def _bills(text: str) -> int:
    return _between(text, 1, 1_000_000)


def _between(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
    return int(text)
