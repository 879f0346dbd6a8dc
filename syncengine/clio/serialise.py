"""What is sent to Clio becomes bytes: stable, so that the same change is the same bytes whenever it is written."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

#: Half a surrogate pair: no text can hold one, but JSON of others can.
_HALVES: Final = re.compile("[\ud800-\udfff]")


def edit_body(edit: Mapping[str, Any]) -> bytes:
    """Give the body of a change: wrapped in `data` (C 2.1). Raises TypeError for what is no text, whole number or flag.

    Amounts never go to Clio, so a Decimal, or a float made of one, is a mistake.
    """
    return json.dumps(
        {"data": _plain(edit)}, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, int):
        return value
    raise TypeError(f"{type(value).__name__} is not sent to Clio")
