"""How what happened to a record is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from syncengine.models import RecordEvent
from syncengine.pages.history import Entry, tell_event

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def told(event: str, words: str = "", **details: Any) -> Entry:
    return tell_event(RecordEvent(pk=1, kind="invoice", clio_id=1, at=NOW, event=event, words=words, details=details))


@pytest.mark.parametrize(
    ("event", "details", "title", "text"),
    [
        ("sent", {"operation": "create", "key": "1042", "total": "113.00"}, "Sent to Xero",
         "To be created as 1042, total 113.00."),
        ("applied", {"operation": "create", "number": "1042", "total": "113.00"}, "Taken by Xero",
         "Created as 1042, total 113.00."),
        ("applied", {"operation": "remove"}, "Taken by Xero", "Removed."),
        ("linked", {"name": "Alder Ltd"}, "Linked with what stood in Xero", "Alder Ltd."),
        ("linked", {"amount": "20.00", "reference": "EFT"}, "Linked with what stood in Xero", "Amount 20.00."),
        ("read", {}, "Changed in Clio", ""),
        ("read", {"amount": "20.00"}, "Changed in Clio", "Amount 20.00."),
    ],
)  # fmt: skip
def test_an_event_is_a_title_and_a_sentence(event: str, details: dict[str, Any], title: str, text: str) -> None:
    entry = told(event, **details)
    assert (entry.title, entry.text) == (title, text)


def test_a_refusal_keeps_the_words_the_remedy_and_xeros_own_words() -> None:
    entry = told("refused", "The number is taken.", remedy="Adopt it.", xero_messages=["Invoice # must be unique."])
    assert entry.title == "Refused by Xero"
    assert (entry.text, entry.remedy) == ("The number is taken.", "Adopt it.")
    assert entry.xero_messages == ("Invoice # must be unique.",)


def test_an_event_that_says_both_sides_changed_shows_what_was_taken() -> None:
    entry = told("conflict", fields=[{"field": "Name", "clio": "Alder", "xero": "Adler"}])
    assert [(one.name, one.outcome) for one in entry.fields] == [("Name", "Both changed: Clio's value was taken")]
    assert entry.title


def test_what_a_person_asked_for_names_the_person() -> None:
    entry = told("asked", "Try again.", by="ada@firm.example")
    assert (entry.title, entry.text, entry.by) == ("Asked for", "Try again.", "ada@firm.example")


def test_a_conflict_shows_both_values_and_what_was_taken() -> None:
    entry = told(
        "in_xero",
        conflicts=[{"field": "EmailAddress", "clio": "a@x.example", "xero": "b@x.example"}],
        shown=[{"field": "Phones.MOBILE", "clio": "", "xero": "555"}],
    )
    email, mobile = entry.fields
    assert (email.name, email.clio, email.xero) == ("E-mail", "a@x.example", "b@x.example")
    assert email.outcome == "Both changed: Clio's value was taken"
    assert (mobile.name, mobile.clio, mobile.outcome) == ("Mobile", "–", "Changed in Xero alone: stays as it is there")
