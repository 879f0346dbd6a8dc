"""What a page says, as somebody reads it."""

import re
from html import unescape
from typing import Any


def shown(answer: Any) -> str:
    """The text of an answer without its markup, white space folded."""
    html = answer.content.decode()
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " ").split())
