"""A firm that is connected to both stand-ins over real HTTP and OAuth, and configured, without a browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.db import connection

from accounts.firm_scope import firm_scope
from accounts.models import Firm, User
from accounts.provisioning import create_firm
from clioxero.environment import OAuthApp
from sandbox.clio import ClioServer
from sandbox.clock import Clock
from sandbox.faults import Fault
from sandbox.serving import start
from sandbox.xero import XeroServer
from syncengine.connections.binding import Account, bind
from syncengine.connections.grants import Consent
from syncengine.engine.compare import compare
from syncengine.engine.reference import refresh_reference
from syncengine.engine.report import sync_report
from syncengine.engine.reviewing import decide
from syncengine.engine.run import Worked, run_to_the_end, work_one_slice
from syncengine.engine.schedule import ask_for_run
from syncengine.engine.triage import ignore
from syncengine.models import (
    AllocationSnapshot,
    FirmSync,
    LineSnapshot,
    Link,
    ReferenceList,
    Review,
    Service,
    Snapshot,
    SyncError,
    SyncSettings,
)
from tests.support.recorder import Recorder

REDIRECT = "http://localhost:8000/callback"


class Practice:
    """The firm, both stand-ins, and what people do with them."""

    def __init__(
        self, *, bills: int = 30, seed: int = 1, limits: bool = False, clock: Clock | None = None, **clio: Any
    ) -> None:
        self.clock = clock or Clock()
        self.clio = ClioServer(clock=self.clock, seed=seed, bills=bills, rate_limit=50 if limits else None, **clio)
        self.xero = XeroServer(clock=self.clock, seed=seed)
        if not limits:
            self.lift_limits()
        self.asked_of_clio, self.asked_of_xero = Recorder(self.clio.app), Recorder(self.xero.app)
        self._served = [start(self.asked_of_clio), start(self.asked_of_xero)]
        self.clio_url, self.xero_url = (served.url for served in self._served)
        self.tenant: str = self.xero.organisations[0].tenant_id
        self.firm: Firm

    def lift_limits(self) -> None:
        """Let Xero take any number of calls."""
        self.xero.set_limits(per_minute=None, per_day=None, concurrent=None, app_per_minute=None)

    def stop(self) -> None:
        """Stop both servers."""
        for served in self._served:
            served.stop()

    def open(self, settings: Any) -> None:
        """Make the firm, connect it and save its settings."""
        self.point_settings(settings)
        self.firm = create_firm(
            name="Harrow & Lindqvist Law",
            admin_email="admin@firm.example",
            password="a-long-password-1",
            plan="boutique",
            region="ca",
        )
        self.connect()

    def connect(self) -> None:
        """Connect the firm to both and save its settings."""
        with firm_scope(self.firm):
            self._connect_clio()
            self._connect_xero()
            refresh_reference(firm=self.firm, clock=self.clock.now)
            self.configure()

    def point_settings(self, settings: Any) -> None:
        """Let the product find the stand-ins."""
        settings.CLIO_URL = self.clio_url
        settings.XERO_API_URL = settings.XERO_IDENTITY_URL = settings.XERO_LOGIN_URL = self.xero_url
        app = OAuthApp(client_id="clio-demo", client_secret="clio-demo-secret")
        settings.CLIO_APPS = dict.fromkeys(settings.CLIO_APPS, app)
        settings.XERO_CLIENT_ID, settings.XERO_CLIENT_SECRET = "xero-demo", "xero-demo-secret"

    def stop_xero(self) -> None:
        """Nobody listens at Xero's address any more."""
        self._served[1].stop()

    def ask_during_next_slice(self) -> None:
        """Somebody presses "Sync now" while the next slice reads Clio's bills."""
        serve = self.asked_of_clio._app
        asked: list[bool] = []

        def app(environ: Any, start_response: Any) -> Any:
            if not asked and environ["PATH_INFO"].endswith("/bills.json"):
                asked.append(True)
                ask_for_run(firm=self.firm, now=self.clock.now())
                connection.close()  # this thread's own
            return serve(environ, start_response)

        self.asked_of_clio._app = app

    def is_asked(self) -> bool:
        """Whether a run is asked for."""
        with firm_scope(self.firm):
            return FirmSync.objects.get().asked

    def environment(self) -> dict[str, str]:
        """What a process of the product needs to find the stand-ins."""
        return {
            "CLIO_URL": self.clio_url,
            "XERO_API_URL": self.xero_url,
            "XERO_IDENTITY_URL": self.xero_url,
            "XERO_LOGIN_URL": self.xero_url,
            "CLIO_CLIENT_ID": "clio-demo",
            "CLIO_CLIENT_SECRET": "clio-demo-secret",
            "CLIO_CLIENT_ID_CA": "clio-demo",
            "CLIO_CLIENT_SECRET_CA": "clio-demo-secret",
            "XERO_CLIENT_ID": "xero-demo",
            "XERO_CLIENT_SECRET": "xero-demo-secret",
        }

    def _connect_clio(self) -> None:
        app = {"client_id": "clio-demo", "client_secret": "clio-demo-secret", "redirect_uri": REDIRECT}
        answer = requests.post(
            f"{self.clio_url}/oauth/authorize",
            data={**app, "response_type": "code", "state": "s", "decision": "allow"},
            allow_redirects=False,
        )
        code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        form = {**app, "grant_type": "authorization_code", "code": code}
        tokens = requests.post(f"{self.clio_url}/oauth/token", data=form).json()
        me = requests.get(
            f"{self.clio_url}/api/v4/users/who_am_i.json?fields=id,account{{id,name,created_at}}",
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
        ).json()["data"]
        created = datetime.fromisoformat(me["account"]["created_at"]).astimezone(UTC)
        self._bind(Service.CLIO, str(me["account"]["id"]), f"ca:{me['id']}", tokens, region="ca", created_at=created)

    def _connect_xero(self) -> None:
        scope = (
            "openid profile email offline_access accounting.contacts accounting.invoices accounting.payments"
            " accounting.banktransactions accounting.settings.read"
        )
        form = {
            "client_id": "xero-demo",
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": scope,
            "state": "s",
        }
        answer = requests.post(
            f"{self.xero_url}/identity/connect/authorize",
            data={**form, "decision": "allow", "organisation": self.tenant},
            allow_redirects=False,
        )
        code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        tokens = requests.post(
            f"{self.xero_url}/connect/token",
            data={"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT},
            auth=("xero-demo", "xero-demo-secret"),
        ).json()
        self._bind(Service.XERO, self.tenant, "user-1", tokens)

    def _bind(self, service: str, remote_id: str, subject: str, tokens: dict[str, Any], **account: Any) -> None:
        now = self.clock.now()
        expires = datetime.fromtimestamp(now.timestamp() + tokens["expires_in"], tz=UTC)
        consent = Consent(service, subject, tokens["access_token"], tokens["refresh_token"], expires)
        place = Account(service=service, remote_id=remote_id, name="Stand-in", **account)
        bind(firm=self.firm, account=place, consent=consent, actor=None, now=now)

    def configure(self, **changes: Any) -> None:
        """Save the settings; accounts are named by their codes, empty text is None."""
        with firm_scope(self.firm):
            self._configure(changes)

    def _configure(self, changes: dict[str, Any]) -> None:
        codes = {row["code"]: row["account_id"] for row in ReferenceList.objects.get(name="accounts").payload}
        values = {
            "export_bills": True,
            "time_entries_account": "201",
            "expenses_account": "260",
            "interest_account": "210",
            "credit_notes_account": "260",
            "payment_bank_account": "090",
            "tax_none": "NONE",
            "tax_primary": "TAX001",
            "tax_secondary": "TAX002",
            "tax_both": "TAX003",
            **changes,
        }
        accounts = {name: codes[code] if code else "" for name, code in values.items() if name.endswith("_account")}
        row = SyncSettings.objects.first() or SyncSettings()
        for name, value in {**values, **accounts}.items():
            setattr(row, name, value)
        row.version += 1
        row.save()

    # What people and the clock do

    def sync(self, **options: Any) -> dict[str, Any]:
        """Run `manage.py sync` in this process; gives what --json prints."""
        worked = run_to_the_end(firm=self.firm, clock=self.clock.now, **options)
        return sync_report(firm=self.firm, worked=worked)

    def press_sync_now(self) -> None:
        """Press the button on the pages."""
        ask_for_run(firm=self.firm, now=self.clock.now())

    def allocations(self, bill_id: int) -> list[int]:
        """The Clio ids of the allocations on a bill, as last read."""
        with firm_scope(self.firm):
            rows = AllocationSnapshot.objects.filter(bill_id=bill_id, gone=False).order_by("clio_id")
            return list(rows.values_list("clio_id", flat=True))

    def slice(self) -> Worked:
        """Work one slice, as a worker does."""
        return work_one_slice(firm=self.firm, clock=self.clock.now, reason="schedule")

    def compare(self) -> dict[str, Any]:
        """Run `manage.py compare`."""
        return compare(firm=self.firm, clock=self.clock.now)

    def invoices(self) -> list[dict[str, Any]]:
        """The sales invoices that stand in Xero."""
        rows = self.xero.state(self.tenant)["invoices"]
        return [row for row in rows if row["Type"] == "ACCREC" and row["Status"] not in {"VOIDED", "DELETED"}]

    def step(self) -> None:
        """A minute passes, so that what was done before counts as earlier."""
        self.clock.advance(60)

    def _state(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.xero.state(self.tenant)[name]
        return rows

    def invoice(self, bill_id: int) -> dict[str, Any]:
        """The invoice that a bill's link names, whatever its status."""
        xero_id = self.link(bill_id).xero_id
        return next(row for row in self._state("invoices") if row["InvoiceID"] == xero_id)

    def payments(self, bill_id: int) -> list[dict[str, Any]]:
        """The payments that stand on a bill's invoice."""
        xero_id = self.link(bill_id).xero_id
        on_it = [row for row in self._state("payments") if row.get("Invoice", {}).get("InvoiceID") == xero_id]
        return [row for row in on_it if row["Status"] != "DELETED"]

    def credit_notes(self, bill_id: int) -> list[dict[str, Any]]:
        """The credit notes that were made for a bill, voided ones too."""
        with firm_scope(self.firm):
            keys = set(Link.objects.filter(kind="credit_note", bill_id=bill_id).values_list("natural_key", flat=True))
        return [row for row in self._state("credit_notes") if row["CreditNoteNumber"] in keys]

    def clio_lines(self, bill_id: int) -> list[dict[str, Any]]:
        """The lines of a bill in Clio, as its records hold them."""
        return [row for row in self.records_of_lines() if row["bill_id"] == bill_id]

    def records_of_lines(self) -> list[dict[str, Any]]:
        """Lines as last read of Clio."""
        with firm_scope(self.firm):
            return list(LineSnapshot.objects.values_list("record", flat=True))

    def contacts(self) -> list[dict[str, Any]]:
        """The contacts in Xero."""
        rows: list[dict[str, Any]] = self.xero.state(self.tenant)["contacts"]
        return rows

    def link(self, clio_id: int, kind: str = "invoice") -> Link:
        """The link of one record."""
        with firm_scope(self.firm):
            return Link.objects.get(kind=kind, clio_id=clio_id)

    def decide(self, *, go_ahead: bool) -> int:
        """An admin looks at the stopped plan and says yes or no."""
        with firm_scope(self.firm):
            mark = Review.objects.get(state="open").mark
            user = User.objects.get(email="admin@firm.example")
            return decide(firm=self.firm, user=user, go_ahead=go_ahead, mark=mark, now=self.clock.now())

    def ignore(self, code: str) -> None:
        """Somebody ignores the open errors of this code."""
        with firm_scope(self.firm):
            rows = SyncError.objects.filter(state="open", code=code).values_list("pk", flat=True)
            user = User.objects.get(email="admin@firm.example")
            ignore(firm=self.firm, user=user, error_ids=list(rows), reason="Known.", now=self.clock.now())

    def open_errors(self) -> list[SyncError]:
        """Open sync errors."""
        with firm_scope(self.firm):
            return list(SyncError.objects.filter(state="open"))

    def records(self, kind: str) -> list[dict[str, Any]]:
        """What was read of Clio; a dry run reads it where nothing was read yet."""
        with firm_scope(self.firm):
            rows = list(Snapshot.objects.filter(kind=kind).order_by("clio_id").values_list("record", flat=True))
        if not rows:
            self.sync(dry_run=True)
            return self.records(kind)
        return rows

    def a_client(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """A client of a bill that fits."""
        return next(record for record in self.records("contact") if fits(record))

    def a_bill(self, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """A bill in scope that fits."""
        states = {"awaiting_payment", "paid"}
        return next(record for record in self.records("bill") if record["state"] in states and fits(record))

    def forget_links(self) -> None:
        """Lose what ties the firm to its invoices, as a restored backup does."""
        with firm_scope(self.firm):
            Link.objects.filter(kind="invoice").delete()
            Snapshot.objects.filter(kind="bill").update(dirty=True)

    def nothing_is_doubled(self) -> bool:
        """Whether every number and every client's number stands in Xero once."""
        numbers = [row["InvoiceNumber"] for row in self.invoices()]
        clients = [row["ContactNumber"] for row in self.contacts() if row.get("ContactNumber")]
        urls = [row["Url"] for row in self.invoices() if row.get("Url")]
        return all(len(values) == len(set(values)) for values in (numbers, clients, urls))

    def refresh(self) -> None:
        """Read the chart anew, as the settings page's button does."""
        with firm_scope(self.firm):
            refresh_reference(firm=self.firm, clock=self.clock.now)

    def fail_after_work(self, path: str, times: int = 1) -> None:
        """Let Xero do the work of the next such calls and answer 500."""
        self.xero.faults.add(Fault(kind="status_after", method="PUT", path_prefix=path, status=500, times=times))

    def compare_after(self, seconds: float) -> dict[str, Any]:
        """Compare once the limits of the minute are over."""
        self.clock.advance(seconds)
        return self.compare()

    def fail_in_clio(self, kind: str, **fault: Any) -> None:
        """Let the next such call to Clio fail."""
        self.clio.faults.add(Fault(kind=kind, path_prefix="/api/v4/", **fault))

    def change_before_write(self, change: Callable[[], Any]) -> None:
        """Somebody changes something in Clio just before the next call that writes there."""
        serve = self.asked_of_clio._app
        done: list[bool] = []

        def app(environ: Any, start_response: Any) -> Any:
            if not done and environ["REQUEST_METHOD"] == "PATCH":
                done.append(True)
                change()
            return serve(environ, start_response)

        self.asked_of_clio._app = app

    def lose_answer(self, path: str, method: str = "PUT", **fault: Any) -> None:
        """Let Xero do the work of the next such call and never answer."""
        self.xero.faults.add(Fault(kind="lose_answer", method=method, path_prefix=path, **fault))


@pytest.fixture
def practice(transactional_db: None, settings: Any) -> Iterator[Practice]:
    """A connected and configured firm with 30 bills."""
    made = Practice()
    made.open(settings)
    yield made
    made.stop()


__all__ = ["Practice", "practice"]
