"""Runs in words."""

from syncengine.pages.runs import tell_counts


def test_it_tells_what_a_run_did() -> None:
    counts = {
        "contact": {"created": 3, "adopted": 1, "unchanged": 9},
        "invoice": {"created": 1240, "updated": 0, "rejected": 2, "blocked": 1},
    }
    assert tell_counts(counts) == "Contacts: 3 created, 1 linked. Invoices: 1,240 created, 1 blocked, 2 refused."


def test_it_says_so_when_nothing_had_to_be_sent() -> None:
    assert tell_counts({"invoice": {"created": 0, "unchanged": 412}}) == "Nothing had to be sent."
    assert tell_counts({}) == "Nothing had to be sent."
