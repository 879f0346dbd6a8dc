"""A person at the pages of a stand-in: opens them, fills their forms in, and sends what a browser would send."""

import re
from urllib.parse import urljoin, urlsplit

import requests

from sandbox.html_forms import Form, forms_of

_ALERT = re.compile(r"role='alert'>Not done: (.*?) <a ", re.DOTALL)
_STATUS = re.compile(r"role='status'>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


class PageUser:
    """One browser session at a stand-in. Fields of forms are given by name; None unticks a box."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def open(self, path: str) -> str:
        """The HTML of a page that is there."""
        answer = self.session.get(urljoin(self.url, path))
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def form(self, path: str, name: str, about: object = "") -> Form:
        """A form of a page."""
        return form_of(self.open(path), name, about)

    def has(self, path: str, name: str, about: object = "") -> bool:
        """Whether a page has a form."""
        return bool(_named(self.open(path), name, about))

    def send(self, path: str, name: str, about: object = "", /, **fields: object) -> requests.Response:
        """Fill a form in and send it; answers where that leads."""
        values: dict[str, object] = {**self.form(path, name, about).values, **fields}
        sent = {key: str(value) for key, value in values.items() if value is not None}
        return self.session.post(urljoin(self.url, path), data=sent)

    def do(self, path: str, name: str, about: object = "", /, **fields: object) -> str:
        """Send a form that goes through; answers the path of the page after it."""
        answer = self.send(path, name, about, **fields)
        assert answer.status_code == 200, _words(_ALERT, answer.text)
        assert answer.history[0].status_code == 303
        assert _words(_STATUS, answer.text), "the page does not say that it is done"
        return urlsplit(answer.url).path

    def refused(self, path: str, name: str, about: object = "", /, **fields: object) -> str:
        """Send a form that is refused; answers the words, which stand beside the form too."""
        answer = self.send(path, name, about, **fields)
        assert answer.status_code == 400, answer.text
        said = _words(_ALERT, answer.text)
        assert answer.text.count(_ALERT.findall(answer.text)[0]) >= 2, "the words do not stand beside the form"
        return said

    def shown(self, path: str) -> str:
        """What a page says, without its HTML."""
        return text_of(self.open(path))


def form_of(html: str, name: str, about: object = "") -> Form:
    """The form of that name in a page, about that row."""
    found = _named(html, name, about)
    assert len(found) == 1, f"the page has {len(found)} forms {name} {about}"
    return found[0]


def _named(html: str, name: str, about: object) -> list[Form]:
    wanted = (name, str(about))
    return [form for form in forms_of(html) if (form.values.get("form"), form.values.get("about", "")) == wanted]


def text_of(html: str) -> str:
    """The text of a page as it is read."""
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ("'", "&#x27;"), ('"', "&quot;"), ("&", "&amp;")):
        html = (_TAG.sub(" ", html) if sign == "<" else html).replace(entity, sign)
    return " ".join(html.split())


def _words(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    return text_of(found[1]) if found else ""
