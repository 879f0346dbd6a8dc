"""What `sync --json` prints (DESIGN §5)."""

from typing import Any

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.engine.run import Worked
from syncengine.engine.slice import empty_counts
from syncengine.models import Link, Run, SyncError

_STATES = {Run.State.CLEAN: "clean", Run.State.ERRORS: "errors", Run.State.FAILED: "failed"}
#: Exit code of each state; the worst firm decides.
EXIT_CODES = {"clean": 0, "errors": 1, "failed": 2, "waiting": 3}


def sync_report(*, firm: Firm, worked: Worked) -> dict[str, Any]:
    """One line a firm: state, counts, calls, open errors, seconds."""
    run = worked.run
    with firm_scope(firm):
        errors = _open_errors()
    return {
        "firm": firm.slug,
        "state": _STATES.get(Run.State(run.state), "waiting") if run and worked.finished else "waiting",
        "counts": run.counts if run else empty_counts(),
        "clio_calls": run.clio_calls if run else 0,
        "xero_calls": run.xero_calls if run else 0,
        "open_errors": errors,
        "seconds": round(run.seconds, 3) if run else 0.0,
        "message": worked.message,
        "again_at": worked.again_at.isoformat(),
    }


def _open_errors() -> list[dict[str, Any]]:
    """Open errors by kind. An invoice for later interest counts as one of its bill's."""
    rows = list(SyncError.objects.filter(state=SyncError.State.OPEN).order_by("kind", "clio_id", "id"))
    charges = [row.clio_id for row in rows if row.kind == Link.Kind.INTEREST and row.clio_id is not None]
    links = Link.objects.filter(kind=Link.Kind.INTEREST, clio_id__in=charges) if charges else Link.objects.none()
    bill_of: dict[tuple[str, int | None], int | None] = {
        (Link.Kind.INTEREST.value, link.clio_id): link.bill_id for link in links
    }
    return [
        {
            "kind": Link.Kind.INVOICE.value if (row.kind, row.clio_id) in bill_of else row.kind,
            "clio_id": bill_of.get((row.kind, row.clio_id), row.clio_id),
            "code": row.code,
            "message": row.message,
            "remedy": row.remedy,
        }
        for row in rows
    ]
