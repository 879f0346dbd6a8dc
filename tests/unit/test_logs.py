"""What a log line shows, and what it never shows."""

import logging

from clioxero.logs import PlainFormatter


def test_a_line_has_time_level_place_and_message() -> None:
    record = logging.LogRecord("syncengine.run", logging.WARNING, "run.py", 1, "firm %s waits", (7,), None)
    record.created = 1_790_000_000.5

    assert PlainFormatter().format(record) == "2026-09-21T14:13:20Z WARNING syncengine.run firm 7 waits"


def test_the_values_of_a_row_that_postgresql_repeats_are_left_out() -> None:
    message = "duplicate key value\nDETAIL:  Key (email)=(ada@firm.example) already exists.\nCONTEXT: none"
    record = logging.LogRecord("django", logging.ERROR, "base.py", 1, message, None, None)

    shown = PlainFormatter().format(record)

    assert "ada@firm.example" not in shown
    assert shown.endswith("CONTEXT: none")
