"""Both servers, as far as the environment names none."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from clioxero.embedded.folder import locked
from clioxero.embedded.postgres_server import postgres
from clioxero.embedded.redis_server import redis

_NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@contextmanager
def servers(directory: Path, given: Mapping[str, str], *, fresh: bool = False) -> Iterator[dict[str, str]]:
    """Start what `given` (an environment) does not name; yield DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL.

    A server that is named is used as it is; its owner's address is yielded only where it is given too. With `fresh`
    the embedded database is empty at the start. Raises EmbeddedProblem, and FolderInUse where another supervisor works
    in `directory`.
    """
    addresses = {name: given[name] for name in _NAMES if given.get(name)}
    with ExitStack() as stack:
        if "DATABASE_URL" not in addresses or "REDIS_URL" not in addresses:
            stack.enter_context(locked(directory))
        if "DATABASE_URL" not in addresses:
            addresses |= stack.enter_context(postgres(directory, fresh=fresh))
        if "REDIS_URL" not in addresses:
            addresses |= stack.enter_context(redis(directory))
        yield addresses
