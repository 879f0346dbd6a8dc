"""All sync errors, a page of causes at a time; and all records of one cause, a page of records at a time."""

from dataclasses import dataclass

from syncengine.models import SyncError
from syncengine.pages.addresses import addresses_for
from syncengine.pages.problem_rows import cause_keys, rows_of_cause, rows_of_causes, rows_of_errors
from syncengine.pages.problems import Cause, facts_for, tell_causes

CAUSES_A_PAGE = 25
RECORDS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ErrorListPage:
    """A page of causes. `previous` and `next` are page numbers, 0 where there is none."""

    causes: tuple[Cause, ...]
    is_ignored: bool
    page: int
    previous: int
    next: int
    open_errors: int


@dataclass(frozen=True, slots=True)
class CausePage:
    """One cause with a page of its records."""

    cause: Cause
    first: int
    last: int
    previous: int
    next: int
    open_errors: int


def build_error_list(*, page: int, ignored: bool) -> ErrorListPage:
    """Build a page of the current firm's open, or ignored, errors by cause, in five queries."""
    state = SyncError.State.IGNORED if ignored else SyncError.State.OPEN
    page = max(page, 1)
    start = (page - 1) * CAUSES_A_PAGE
    keys = cause_keys(state=state, start=start, end=start + CAUSES_A_PAGE + 1)
    rows = rows_of_causes(keys[:CAUSES_A_PAGE])
    facts = facts_for(rows)
    causes = tell_causes(rows=rows, addresses=addresses_for(facts.clio_region), facts=facts)
    return ErrorListPage(
        causes=causes,
        is_ignored=ignored,
        page=page,
        previous=page - 1,
        next=page + 1 if len(keys) > CAUSES_A_PAGE else 0,
        open_errors=facts.open_errors,
    )


def build_cause(*, error_id: int, page: int) -> CausePage | None:
    """Build the page of the cause that this error has, in five queries; None where it is closed."""
    shown = {SyncError.State.OPEN, SyncError.State.IGNORED}
    row = next((row for row in rows_of_errors([error_id]) if row.state in shown), None)
    if row is None:
        return None
    page = max(page, 1)
    start = (page - 1) * RECORDS_A_PAGE
    rows = rows_of_cause(state=row.state, code=row.code, cause=row.cause, start=start, end=start + RECORDS_A_PAGE)
    if not rows:
        return None
    facts = facts_for(rows)
    [cause] = tell_causes(rows=rows, addresses=addresses_for(facts.clio_region), facts=facts)
    return CausePage(
        cause=cause,
        first=start + 1,
        last=start + len(rows),
        previous=page - 1,
        next=page + 1 if start + len(rows) < cause.count else 0,
        open_errors=facts.open_errors,
    )
