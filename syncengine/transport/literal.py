"""Braces in `fields=` go out as they are: some servers do not take them percent-encoded (C 2.10).

requests and urllib3 both encode them, so the request line is put right in the connection, where it is written.
"""

import re
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_FIELDS: Final = re.compile(r"(?<=[?&]fields=)[^&]*")


def literal_braces(target: str) -> str:
    """Give a request's target with the braces of its `fields` plain; everything else stays as it is."""
    return _FIELDS.sub(lambda match: match[0].replace("%7B", "{").replace("%7D", "}"), target)


class _PlainConnection(HTTPConnection):
    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        super().putrequest(method, literal_braces(url), *args, **kwargs)


class _SecureConnection(_PlainConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class LiteralAdapter(HTTPAdapter):
    """An adapter without retries of its own, whose connections write braces plain."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools with our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
