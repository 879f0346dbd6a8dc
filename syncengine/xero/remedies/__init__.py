"""Xero's messages in plain words, with what to do: a table that is closed by default.

An unknown message is shown as it is, never swallowed (BEHAVIOUR §10). Adding a known one is a row and a test with the
message as Xero writes it (X §6).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from syncengine.xero.remedies import coding, contacts, documents, money
from syncengine.xero.remedies.row import THINGS, Row

__all__ = ["ROWS", "Explanation", "explain", "steps_of"]

#: The first row that fits counts.
ROWS: Final[tuple[Row, ...]] = (*contacts.ROWS, *money.ROWS, *documents.ROWS, *coding.ROWS)

UNKNOWN: Final = "xero_refused"
_UNKNOWN_STEPS: Final = ("Read what Xero says, mend it there or in Clio, then try again.",)
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?]) (?=[A-Z“])")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem in plain words. `cause` is what records with the same problem have in common, if anything.

    `steps` are what can be done, a sentence each; `remedy` is all of them as one text.
    """

    code: str
    message: str
    steps: tuple[str, ...]
    cause: str = ""

    @property
    def remedy(self) -> str:
        """What can be done, as one text."""
        return " ".join(self.steps)


def explain(messages: Sequence[str], kind: str) -> Explanation:
    """Put Xero's messages in plain words; unknown ones are shown as they are, under the code "xero_refused".

    `kind` is that of the document: contact, invoice, payment, credit_note, allocation or spend_money; an invoice for
    interest counts as an invoice.
    """
    kind = "invoice" if kind == "interest" else kind
    for row in ROWS:
        for message in messages:
            match = re.search(row.pattern, message, re.IGNORECASE) if kind in row.kinds else None
            if match:
                return _told(row, (match.groupdict().get("what") or "").strip(), kind)
    told = " ".join(messages) or "no reason given"
    return Explanation(UNKNOWN, f"Xero refused it: {told}", _UNKNOWN_STEPS)


def _told(row: Row, what: str, kind: str) -> Explanation:
    thing, document = THINGS[kind]

    def filled(text: str) -> str:
        return text.replace("{thing}", thing).replace("{document}", document).replace("{what}", what)

    return Explanation(row.code, filled(row.message), tuple(map(filled, row.steps)), cause=what)


def steps_of(remedy: str) -> tuple[str, ...]:
    """Take a remedy apart into its sentences, each a step of its own."""
    return tuple(step for step in _SENTENCE_ENDS.split(remedy.strip()) if step)
