"""A person at the pages, played by a script: logs in, connects both services, saves the settings.

It knows the pages only as a browser does: addresses, forms and what stands in them.
"""

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import requests

from sandbox.html_forms import Form, forms_of

_SECONDS = 60
_STAGE = re.compile(r'data-stage="([a-z_]+)"')
_ALERT = re.compile(r'role="alert"[^>]*>(.*?)</', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
# Stages whose second sentence says why.
_WITH_A_REASON = frozenset({"waiting", "failed", "reconnect"})
# What a bookkeeper would choose in the stand-in organisation: the code of the account, or the tax type.
_ACCOUNTS = {
    "time_entries_account": "201",
    "expenses_account": "260",
    "interest_account": "210",
    "credit_notes_account": "260",
    "payment_bank_account": "090",
}
_TAXES = {"tax_none": "NONE", "tax_primary": "TAX001", "tax_secondary": "TAX002", "tax_both": "TAX003"}


class VisitProblem(Exception):  # noqa: N818
    """A page did not lead where it should; the text says which and what it showed."""


class Visitor:
    """One browser session at `base_url`."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "demo"

    def log_in(self, email: str, password: str) -> bool:
        """Log in; answers whether it worked."""
        page, form = self._form("/accounts/login/", containing="password")
        answer = self._send(page, form, {"login": email, "password": password})
        return urlsplit(answer.url).path != urlsplit(page.url).path

    def connect_clio(self, region: str) -> None:
        """Press Connect for Clio and allow access. Raises VisitProblem."""
        page, form = self._form("/connections/", action="/connections/clio/connect/")
        self._consent(self._send(page, form, {"region": region}))

    def connect_xero(self) -> None:
        """Press Connect for Xero, allow access to one organisation. Raises VisitProblem."""
        page, form = self._form("/connections/", action="/connections/xero/connect/")
        answer = self._consent(self._send(page, form, {}))
        if urlsplit(answer.url).path == "/connections/xero/choose/":
            self._send(answer, _only(answer, containing="tenant_id"), {})

    def forget_links(self, firm_name: str) -> None:
        """Disconnect what is connected and forget its links, with the firm's name typed. Raises VisitProblem."""
        for service in ("xero", "clio"):
            page = self._get("/connections/")
            action = f"/connections/{service}/disconnect/"
            form = next((form for form in forms_of(page.text) if _target(page, form) == action), None)
            if form is not None:
                self._send(page, form, {"forget": "forget", "firm_name": firm_name})

    def save_settings(self) -> None:
        """Switch the export on, with an account and a tax rate for everything. Raises VisitProblem."""
        page, form = self._form("/settings/xero/", containing="time_entries_account")
        values = {"export_bills": "on"}
        try:
            for name, code in _ACCOUNTS.items():
                if name in form.choices:
                    values[name] = form.starting_with(name, f"{code} ")
        except LookupError as error:
            raise VisitProblem(f"The Xero settings page: {error}.") from error
        values |= {name: tax for name, tax in _TAXES.items() if tax in form.choices.get(name, {})}
        self._send(page, form, values)

    def sync_now(self) -> None:
        """Press “Sync now” on the dashboard. Raises VisitProblem."""
        page, form = self._form("/", action="/bill-syncing/xero/sync-now/")
        self._send(page, form, {})

    def stage(self) -> tuple[str, str]:
        """Return where the firm stands, as the dashboard says it: a word for scripts and the sentence beside it."""
        html = self._get("/").text
        found = _STAGE.search(html)
        if found is None:
            raise VisitProblem("The dashboard does not say where the firm stands (no data-stage).")
        text = " ".join(_TAG.sub(" ", html[found.end() : found.end() + 1200].partition(">")[2]).split())
        sentences = text.split(". ")
        return found[1], ". ".join(sentences[: 2 if found[1] in _WITH_A_REASON else 1]).rstrip(".")

    def _consent(self, page: requests.Response) -> requests.Response:
        """Allow access on the consent page of a stand-in, and come back."""
        if page.url.startswith(self._base):
            raise VisitProblem(f"Connecting did not lead to a consent page: {_shown(page)}")
        answer = self._send(page, _only(page, containing="client_id"), {"decision": "allow"})
        if not answer.url.startswith(self._base):
            raise VisitProblem(f"The consent page did not lead back: {_shown(answer)}")
        return answer

    def _form(self, path: str, *, containing: str = "", action: str = "") -> tuple[requests.Response, Form]:
        page = self._get(path)
        return page, _only(page, containing=containing, action=action)

    def _get(self, path: str) -> requests.Response:
        answer = self._session.get(self._base + path, timeout=_SECONDS)
        if answer.status_code != 200:
            raise VisitProblem(f"{path} answered {answer.status_code}: {_shown(answer)}")
        return answer

    def _send(self, page: requests.Response, form: Form, values: Mapping[str, str]) -> requests.Response:
        answer = self._session.post(
            urljoin(page.url, form.action or page.url),
            data={**form.values, **values},
            headers={"Referer": page.url},
            timeout=_SECONDS,
        )
        if answer.status_code != 200:
            where = urlsplit(answer.url).path
            raise VisitProblem(f"{where} answered {answer.status_code}: {_shown(answer)}")
        return answer


def _only(page: requests.Response, *, containing: str = "", action: str = "") -> Form:
    """Return the first form to that address, or with a field of that name."""
    for form in forms_of(page.text):
        if (action and _target(page, form) == action) or (containing and containing in form.values | form.choices):
            return form
    raise VisitProblem(f"{urlsplit(page.url).path} has no form for {action or containing}: {_shown(page)}")


def _target(page: requests.Response, form: Form) -> str:
    return urlsplit(urljoin(page.url, form.action or page.url)).path


def _shown(page: requests.Response) -> str:
    """Return what a person would read first: an alert, else the page's title."""
    found = _ALERT.search(page.text) or re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)
    text = " ".join(_TAG.sub(" ", found[1]).split()) if found else ""
    return text or f"a page of {len(page.text)} characters"
