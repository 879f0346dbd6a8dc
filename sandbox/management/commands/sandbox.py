"""`manage.py sandbox`: the stand-in Clio and Xero alone, without a database."""

import signal
import sys
import threading
from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sandbox.clio import ClioServer
from sandbox.clock import Clock
from sandbox.serving import PortTaken, start
from sandbox.xero import XeroServer


class Command(BaseCommand):
    """Serves until SIGTERM or Ctrl-C."""

    help = "Serve the stand-in Clio on a port and the stand-in Xero on the next one, with invented data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8100, help="Clio's port; Xero's is the next (default 8100)")
        parser.add_argument("--seed", type=int, default=1, help="which invented firm (default 1)")
        parser.add_argument("--bills", type=int, default=200, help="how many bills it has (default 200)")

    def handle(self, *_args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        clock = Clock()
        port, seed = options["port"], options["seed"]
        with ExitStack() as running:
            try:
                clio = ClioServer(clock=clock, seed=seed, bills=options["bills"])
                xero = XeroServer(clock=clock, seed=seed)
                clio_served = running.enter_context(start(clio.app, port=port))
                xero_served = running.enter_context(start(xero.app, port=port + 1 if port else 0))
            except PortTaken as error:
                raise CommandError(str(error), returncode=2) from error
            print("clio", clio_served.url)
            print("xero", xero_served.url)
            print("ready")
            sys.stdout.flush()
            stop.wait()
