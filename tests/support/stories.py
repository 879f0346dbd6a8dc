"""What the tests of the rules do over and over: bills with money on them, people at both desks, what stands then."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from sandbox.firm.records import Currency
from syncengine.engine.report import sync_report
from syncengine.engine.run import run_to_the_end
from syncengine.models import Link, RecordEvent, SyncError
from tests.support.practice import Practice

Json = dict[str, Any]
TAXED = {"tax_rate": 13}


@pytest.fixture
def practice(transactional_db: None, settings: Any) -> Iterator[Practice]:
    """A connected firm whose two bills are in Xero already, so that what a test adds is all that happens."""
    made = Practice(bills=2)
    made.open(settings)
    assert made.sync()["state"] == "clean"
    made.step()
    yield made
    made.stop()


# In Clio


def add_bill(practice: Practice, *amounts: Any, **values: Any) -> int:
    """A new bill, awaiting payment, with a service line for each amount (one of 500.00 by default)."""
    lines = [{"kind": "Service", "description": f"Advice {amount}", "price": amount} for amount in amounts or (500,)]
    made: int = practice.clio.act("add_bill", lines=values.pop("lines", lines), **values)["id"]
    return made


def pay(practice: Practice, bill_id: int, amount: Any, **values: Any) -> int:
    """A payment on a bill in Clio; gives the allocation's id."""
    made: int = practice.clio.act("record_payment", bill_id=bill_id, amount=str(amount), **values)["id"]
    return made


def write_off(practice: Practice, bill_id: int, amount: Any, **values: Any) -> tuple[int, int]:
    """A credit on a bill in Clio; gives the allocation's id and the memo's."""
    made = practice.clio.act("write_off", bill_id=bill_id, amount=str(amount), **values)
    return made["id"], made["parent"]["id"]


def reprice(practice: Practice, bill_id: int, price: Any, line: int = 0) -> None:
    """Change the price of a bill's line in Clio."""
    rows = sorted(row.id for row in practice.clio.data.lines_of(bill_id))
    practice.clio.act("edit_bill", bill_id=bill_id, lines={"change": [{"id": rows[line], "price": str(price)}]})


# The clock and the sync


def today(practice: Practice, days: int = 0) -> str:
    """A day, so many days from now."""
    day: date = practice.clock.now().date() + timedelta(days=days)
    return day.isoformat()


def sync(practice: Practice, minutes: float = 1, **options: Any) -> Json:
    """Some time passes, and a scheduled run is worked to its end."""
    practice.clock.advance(minutes * 60)
    return practice.sync(**options)


def clean(practice: Practice, minutes: float = 1, **options: Any) -> Json:
    """A run that leaves nothing open."""
    report = sync(practice, minutes, **options)
    assert report["state"] == "clean", report["open_errors"] or report["message"]
    return report


def codes(report: Json) -> list[str]:
    """What is open, by code."""
    return sorted(error["code"] for error in report["open_errors"])


def counts(report: Json, kind: str) -> Json:
    """What a run did with one kind, without what it left as it was."""
    return {verb: number for verb, number in report["counts"][kind].items() if number and verb != "unchanged"}


def billed(practice: Practice, *amounts: Any, **values: Any) -> int:
    """A bill that stands in Xero."""
    bill_id = add_bill(practice, *amounts, **values)
    clean(practice)
    return bill_id


def paid(practice: Practice, amount: Any = 200, *amounts: Any, **values: Any) -> tuple[int, int]:
    """A bill of 500.00 that stands in Xero with a payment on it; gives the bill's id and the allocation's."""
    bill_id = add_bill(practice, *amounts)
    allocation_id = pay(practice, bill_id, amount, **values)
    clean(practice)
    return bill_id, allocation_id


# In Xero


def number(practice: Practice, bill_id: int) -> str:
    """What a bill's invoice is called in Xero."""
    return str(practice.invoice(bill_id)["InvoiceNumber"])


def by_hand(practice: Practice, bill_id: int, amount: Any, days: int = 0, **values: Any) -> str:
    """A payment that somebody enters in Xero on a bill's invoice; gives its id."""
    values.setdefault("date", today(practice, days))
    return str(
        practice.xero.act("record_payment", invoice=number(practice, bill_id), amount=str(amount), **values)[
            "PaymentID"
        ]
    )


def credit_by_hand(
    practice: Practice, bill_id: int, amount: Any, tax_type: str = "NONE", number: str | None = None
) -> str:
    """A credit note that somebody enters in Xero and sets against a bill's invoice; gives its id."""
    line = {"Description": "Goodwill", "Quantity": 1, "UnitAmount": str(amount), "AccountCode": "260"}
    note = practice.xero.act(
        "add_credit_note",
        contact=practice.invoice(bill_id)["Contact"]["ContactID"],
        LineAmountTypes="Inclusive",
        LineItems=[{**line, "TaxType": tax_type}],
        **({"CreditNoteNumber": number} if number else {}),
    )
    invoice = practice.invoice(bill_id)["InvoiceNumber"]
    practice.xero.act("allocate_credit", credit_note=note["CreditNoteID"], invoice=invoice)
    return str(note["CreditNoteID"])


def dated(row: Json) -> str:
    """The day of a payment, a credit note or an invoice in Xero (X 4.2)."""
    milliseconds = int(str(row["Date"]).removeprefix("/Date(").split("+")[0])
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).date().isoformat()


def account(practice: Practice, code: str) -> str:
    """The id of an account."""
    rows = practice.xero.state(practice.tenant)["accounts"]
    return str(next(row["AccountID"] for row in rows if row.get("Code") == code))


def currency(practice: Practice, code: str) -> int:
    """The id of a currency that the firm bills in besides its own."""
    store, now = practice.clio.data, practice.clock.now()
    row = Currency(id=store.currencies.take_id(), created_at=now, updated_at=now, code=code, sign="$")
    return int(store.currencies.add(row).id)


def standing(practice: Practice, bill_id: int) -> list[Json]:
    """The payments that stand on a bill's invoice, in the order of their references."""
    return sorted(practice.payments(bill_id), key=lambda row: str(row.get("Reference")))


def amounts(practice: Practice, bill_id: int) -> list[float]:
    """Their amounts."""
    return sorted(float(row["Amount"]) for row in practice.payments(bill_id))


def keys(practice: Practice, bill_id: int) -> list[str]:
    """What their references begin with."""
    return sorted(str(row.get("Reference", "")).split(" ")[0] for row in practice.payments(bill_id))


def ids(practice: Practice, bill_id: int) -> set[str]:
    """Their ids."""
    return {row["PaymentID"] for row in practice.payments(bill_id)}


def live_notes(practice: Practice, bill_id: int) -> list[Json]:
    """The credit notes of a bill that are not voided."""
    return [row for row in practice.credit_notes(bill_id) if row["Status"] != "VOIDED"]


def writes(practice: Practice) -> list[str]:
    """What was written to Xero since the calls were last forgotten: method and list."""
    api = "/api.xro/2.0/"
    calls = [call for call in practice.xero.calls.calls() if call.method != "GET" and call.path.startswith(api)]
    return [f"{call.method} {call.path.removeprefix(api).split('/')[0]}" for call in calls]


def forget_calls(practice: Practice) -> None:
    """Forget the calls so far on both sides."""
    practice.xero.calls.reset()
    practice.clio.calls.reset()


# In ClioXero


def error(practice: Practice, code: str) -> SyncError:
    """The one open error of this code."""
    (found,) = [row for row in practice.open_errors() if row.code == code]
    return found


def story(practice: Practice, clio_id: int, kind: str) -> str:
    """All that the history of a record says, in one text."""
    with firm_scope(practice.firm):
        rows = RecordEvent.objects.filter(kind=kind, clio_id=clio_id).order_by("id")
        return "\n".join(rows.values_list("words", flat=True))


def state_of(practice: Practice, clio_id: int, kind: str = "invoice") -> tuple[str, str]:
    """A link's state and what is said of it, reason and notice."""
    link = practice.link(clio_id, kind)
    return link.state, f"{link.reason}{link.notice}"


def decide(practice: Practice, allocation_id: int, chosen: str) -> None:
    """Somebody answers which payment it is ("" for none of these), as the row keeps it."""
    with firm_scope(practice.firm):
        link = Link.objects.get(kind="payment", clio_id=allocation_id)
        link.base = {**link.base, "chosen": chosen}
        link.retry_at, link.planned_under = None, ""
        link.save()


def scheduled(practice: Practice, minutes: float = 5) -> Json:
    """Some time passes, and a run that nobody asked for is worked to its end."""
    practice.clock.advance(minutes * 60)
    worked = practice.slice()
    while worked.run and not worked.finished and worked.again_at <= practice.clock.now():
        worked = practice.slice()
    return sync_report(firm=practice.firm, worked=worked)


__all__ = ["practice", "run_to_the_end"]
