"""`manage.py compare`: both sides of a firm, and every difference with its cause."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.models import Firm
from syncengine.connections import NotConnected
from syncengine.engine.compare import compare
from syncengine.transport.errors import LimitReached, TransportError


class Command(BaseCommand):
    help = "Set Clio beside Xero. Exit code: 0 no difference, 1 differences, 2 failed, 3 waiting for a limit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        firm = Firm.objects.filter(slug=options["slug"]).first()
        if firm is None:
            _stop(2, f"there is no firm “{options['slug']}”; createfirm prints the slug of a firm when it makes it.")
            return
        try:
            report = compare(firm=firm, clock=timezone.now)
        except (LimitReached, NotConnected) as error:
            _stop(3, str(error))
        except TransportError as error:
            _stop(2, str(error))
        else:
            self.stdout.write(json.dumps(report) if options["json"] else _in_words(report))
            sys.exit(1 if report["differences"] else 0)


def _stop(code: int, line: str) -> None:
    sys.stderr.write(f"compare: {line}\n")
    sys.exit(code)


def _in_words(report: dict[str, Any]) -> str:
    lines = []
    for kind in ("bills", "payments", "credits"):
        for side in ("clio", "xero"):
            figures = report[kind][side]
            sums = ", ".join(f"{currency} {amount}" for currency, amount in figures["by_currency"].items())
            lines.append(f"{side.capitalize():5} {figures['count']} {kind}, {sums or '0.00'}")
    for row in report["differences"]:
        what = f"{row['kind'].replace('_', ' ')} on {row['number']}" if row["kind"] != "invoice" else row["number"]
        lines.append(f"  {what}: Clio {row['clio'] or '–'}, Xero {row['xero'] or '–'}: {row['cause']}")
    lines.append("Both sides agree." if not report["differences"] else f"{len(report['differences'])} differences.")
    return "\n".join(lines)
