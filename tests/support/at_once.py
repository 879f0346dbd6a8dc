"""Two changes at the same moment, each in a transaction of its own. Needs a database with real commits."""

import threading
from collections.abc import Callable

from django.db import connection, transaction

Change = Callable[[], object]


def overlapping(first: Change, second: Change, *, expected: tuple[type[Exception], ...] = ()) -> list[str]:
    """Do both, the second begun while the first is not committed; gives what came of each, in order of their ends.

    "done", or the name of an `expected` exception.
    """
    begun, happened = threading.Event(), list[str]()

    def work(change: Change, *, waits: bool) -> None:
        try:
            if waits:
                begun.wait(timeout=10)
                change()
            else:
                with transaction.atomic():
                    change()
                    begun.set()
                    threading.Event().wait(0.5)  # the other has begun, and waits or does not
            happened.append("done")
        except expected as problem:
            happened.append(type(problem).__name__)
        finally:
            begun.set()
            connection.close()

    workers = [
        threading.Thread(target=work, args=(first,), kwargs={"waits": False}),
        threading.Thread(target=work, args=(second,), kwargs={"waits": True}),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    return happened
