"""The Xero contacts that a client can be linked to, looked for by name or e-mail."""

from dataclasses import dataclass

from django.db.models import Q

from syncengine.domain.mapping.contact_forms import fold
from syncengine.models import SyncError
from syncengine.pages.addresses import addresses_for
from syncengine.pages.problem_rows import rows_of_errors
from syncengine.pages.problems import Problem, facts_for, tell_causes
from syncengine.pages.remedy_facts import ContactOffer, contact_rows, offer_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ContactChoicePage:
    """Everything that the page shows. `is_cut`: more contacts fit than are listed."""

    error_id: int
    problem: Problem
    text: str
    offers: tuple[ContactOffer, ...]
    is_cut: bool
    open_errors: int


def build_contact_choice(*, error_id: int, text: str | None) -> ContactChoicePage | None:
    """Build the page for one open problem; `text` is what to look for, None for the client's own name.

    None where the problem is over, or linking does not help with it.
    """
    rows = [row for row in rows_of_errors([error_id]) if row.state == SyncError.State.OPEN]
    if not rows:
        return None
    facts = facts_for(rows)
    [cause] = tell_causes(rows=rows, addresses=addresses_for(facts.clio_region), facts=facts)
    problem = cause.problems[0]
    if not problem.ways.can_link:
        return None
    wanted = fold(problem.name if text is None and rows[0].kind == "contact" else text or "")
    fits = Q(name_key__contains=wanted) | Q(email_key__contains=wanted)
    found = contact_rows(fits & Q(standing__status="ACTIVE")).values_list("plain", flat=True)[: SHOWN + 1]
    offers = tuple(offer_of(plain) for plain in found)
    return ContactChoicePage(
        error_id=error_id,
        problem=problem,
        text=problem.name if text is None and rows[0].kind == "contact" else text or "",
        offers=offers[:SHOWN],
        is_cut=len(offers) > SHOWN,
        open_errors=facts.open_errors,
    )
