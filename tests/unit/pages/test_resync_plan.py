"""How the plan of a resync is told."""

from syncengine.domain.documents import Blocked, Waiting
from syncengine.domain.mapping.keeping import recoded
from syncengine.domain.plan import Held, Unchanged, Update, Void
from syncengine.pages.resync import ResyncPlan, tell_plan
from tests.unit.domain.makers import NO_TAX, account, bill, document, line, rules, sent_invoice

RULES = rules(
    time_entries_account="acc-210", accounts={"acc-200": account("200", "Fees"), "acc-210": account("210", "New fees")}
)


def plan(change: object, standing: object = None) -> ResyncPlan:
    return tell_plan(change=change, standing=standing, rules=RULES, client="Harbour Bakery Ltd")  # type: ignore[arg-type]


def test_every_change_is_told_with_accounts_by_name() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    made = document(bill(), [line()], rules=RULES, linked=recoded(linked), standing=there)
    told = plan(Update("invoice", 9001, made), there)
    assert told.can_ask
    [changed] = told.lines
    assert (changed.verb, changed.place) == ("Changed", 1)
    assert [(one.name, one.before, one.after) for one in changed.fields] == [
        ("Account", "200 – Fees", "210 – New fees")
    ]
    assert NO_TAX not in str(told)


def test_a_plan_that_changes_nothing_says_so_and_cannot_be_asked_for() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    same = document(bill(), [line()], linked=linked, standing=there)
    told = plan(Update("invoice", 9001, same), there)
    assert not told.can_ask
    assert told.words.startswith("Nothing would change")


def test_what_stands_in_the_way_is_told_with_its_remedy() -> None:
    told = plan(Held("invoice", 9001, Blocked("voided_in_xero", "It was voided", "Send it again.")))
    assert (told.words, told.remedy, told.can_ask) == ("It was voided", "Send it again.", False)
    told = plan(Held("invoice", 9001, Waiting("period_locked", "Period locked until 2026-03-31")))
    assert (told.words, told.can_ask) == ("Period locked until 2026-03-31", False)


def test_a_bill_that_is_left_alone_says_why() -> None:
    assert "outside the dates" in plan(Unchanged("invoice", 9001, reason="out_of_range")).words
    assert "voided in Clio" in plan(Void("invoice", 9001, "inv-1", "VOIDED")).words
