"""A stand-in for Xero: OAuth, connections and the accounting API over invented organisations.

What Xero really does is not known everywhere; the stand-in takes what is harder for its caller:

- a voided or deleted document keeps its number (`voided_numbers_held`), and a POST that names the number is refused;
- the good elements of a call are kept also where a bad one makes the answer a 400;
- an answer of 500 or 503 is kept under its Idempotency-Key like any other; a key belongs to one organisation too;
- `concurrent` limits come without Retry-After (`concurrent_retry_after`);
- lock dates, reconciled and batched payments, other contacts' or currencies' invoices refuse, in words of our own where
  Xero's are not known (messages.py marks them);
- a batch of payments is deleted whole, and not at all while one of them is reconciled or in a locked period;
- a document for nothing is PAID as soon as it is approved, and may be changed like an approved one;
- a quantity below zero, an approved line without a description and an unknown tracking option are refused;
- a call that does not ask for JSON gets 406, where Xero would answer XML.
"""

from sandbox.xero.server import XeroServer

__all__ = ["XeroServer"]
