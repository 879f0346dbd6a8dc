"""One authorised call of the accounting API, as its endpoints see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.xero import lists, reading
from sandbox.xero.books import Books
from sandbox.xero.coding import Work


@dataclass(frozen=True, slots=True)
class ApiCall:
    """What was asked of one organisation. Endpoints run inside its lock."""

    books: Books
    method: str
    args: Mapping[str, str]
    body: bytes
    modified_since: str = ""
    counted: list[int] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The stand-in's time."""
        return self.books.now()

    @property
    def since(self) -> datetime | None:
        """The If-Modified-Since header as a time. Raises ParameterInvalid."""
        return lists.modified_since(self.modified_since)

    @property
    def places(self) -> int:
        """Decimals of unit prices: four with unitdp=4, else two (X 12.2)."""
        return 4 if lists.whole(self.args, "unitdp", 2) == 4 else 2

    @property
    def summarize(self) -> bool:
        """Whether one bad element makes the answer a 400: unless summarizeErrors=false was sent (X 1.7)."""
        return lists.truth(self.args, "summarizeErrors", default=True)

    @property
    def creates_only(self) -> bool:
        """Whether what is there must not be changed (X 1.6)."""
        return self.method == "PUT"

    def work(self) -> Work:
        """A fresh element to work on."""
        return Work(self.books, self.places)

    def elements(self, collection: str, element: reading.Reader) -> list[reading.Ask]:
        """The elements of the body; their number goes into the call log. Raises PostDataInvalid, NoData."""
        found = reading.elements(self.body, collection, element)
        self.counted.append(len(found))
        return found
