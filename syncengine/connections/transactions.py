"""No network call inside a database transaction (DESIGN §4.1)."""

from django.db import connection

from syncengine.connections.errors import NetworkInTransaction


def refuse_in_transaction() -> None:
    """Raise NetworkInTransaction while a transaction is open.

    A transaction that a test case wraps around a whole test does not count, as with Django's `atomic(durable=True)`.
    """
    if not connection.in_atomic_block:
        return
    if all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        return
    raise NetworkInTransaction("A call to Clio or Xero was about to be made inside a database transaction.")
