"""`manage.py sync`: bring firms into step, in the foreground."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.models import Firm
from syncengine.engine.report import EXIT_CODES, sync_report
from syncengine.engine.run import run_to_the_end


class Command(BaseCommand):
    help = "Sync firms to the end or to a limit. Exit code: 0 clean, 1 sync errors open, 2 failed, 3 waiting."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="the firm's slug, as createfirm printed it")
        parser.add_argument("--all", action="store_true", help="every firm whose plan has the integration")
        parser.add_argument("--full", action="store_true", help="read both sides whole")
        parser.add_argument("--dry-run", action="store_true", help="plan only: nothing is written in Clio or Xero")
        parser.add_argument("--json", action="store_true", help="one line of JSON a firm")

    def handle(self, *_: Any, **options: Any) -> None:
        worst = 0
        for firm in _firms(options["slugs"], everybody=options["all"]):
            worked = run_to_the_end(firm=firm, clock=timezone.now, full=options["full"], dry_run=options["dry_run"])
            report = sync_report(firm=firm, worked=worked)
            self.stdout.write(json.dumps(report) if options["json"] else _in_words(report, dry=options["dry_run"]))
            worst = max(worst, EXIT_CODES[report["state"]])
        sys.exit(worst)


def _firms(slugs: list[str], *, everybody: bool) -> list[Firm]:
    if everybody:
        return [firm for firm in Firm.objects.order_by("slug") if firm.has_integration]
    if not slugs:
        _stop("name a firm by its slug, or say --all.")
    found = {firm.slug: firm for firm in Firm.objects.filter(slug__in=slugs)}
    for slug in slugs:
        if slug not in found:
            _stop(f"there is no firm “{slug}”; createfirm prints the slug of a firm when it makes it.")
    return [found[slug] for slug in dict.fromkeys(slugs)]


def _stop(line: str) -> None:
    sys.stderr.write(f"sync: {line}\n")
    sys.exit(2)


def _in_words(report: dict[str, Any], *, dry: bool) -> str:
    lines = [f"{report['firm']}: {report['state']}" + (" (dry run: nothing was written)" if dry else "")]
    if report["message"]:
        lines.append(f"  {report['message']}")
    for kind, counts in report["counts"].items():
        told = ", ".join(f"{number} {verb}" for verb, number in counts.items() if number)
        if told:
            lines.append(f"  {kind.replace('_', ' ')}: {told}")
    calls = f"{report['clio_calls']} calls to Clio, {report['xero_calls']} to Xero"
    lines.append(f"  {calls}, {report['seconds']:.1f} s")
    for error in report["open_errors"]:
        lines.append(f"  {error['kind']} {error['clio_id'] or ''}: {error['message']} {error['remedy']}")
    return "\n".join(lines)
