"""Every page of the product and of the stand-ins, in the states that people see, chapter by chapter.

A chapter is a generator: it brings the visitor's browser to a page, gives the page's name, and goes on to the next one
once whoever asked has looked at it. A new page belongs in one of the chapters.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.firm_scope import firm_scope
from accounts.invitations import invite, mark_sent, revoke
from accounts.models import Firm, Invitation, Membership, Role, User
from accounts.provisioning import add_member, create_firm
from syncengine.connections.binding import Account
from syncengine.connections.choice import offer
from syncengine.connections.grants import Consent
from syncengine.engine import triage
from syncengine.engine.first_sync import start_first_sync
from syncengine.engine.preview.work import ask_for_preview
from syncengine.engine.slice import empty_counts
from syncengine.engine.turn import work_one_turn
from syncengine.models import FirmSync, Link, Preview, Run, SyncError, SyncSettings
from tests.support.authenticator import shown_by_the_app
from tests.support.mails import link_for
from tests.support.practice import Practice
from tests.support.visitor import PASSWORD, Visitor

Chapter = Callable[[Visitor], Iterator[str]]
OLD_ACCOUNT = datetime(2016, 5, 2, tzinfo=UTC)  # so old that no IDs are appended
HOME = "/bill-syncing/xero/"


def _firm(name: str = "Hale & Partners", domain: str = "hale.example", **more: Any) -> Firm:
    """A firm with one person in each role: Ada, Sam and Vi."""
    values = {"plan": "boutique", "region": "ca", **more}
    made = create_firm(name=name, admin_email=f"admin@{domain}", password=PASSWORD, **values)
    for role in ("staff", "viewer"):
        add_member(firm=made, email=f"{role}@{domain}", password=PASSWORD, role=role)
    for role, person in (("admin", "Ada Hale"), ("staff", "Sam Okafor"), ("viewer", "Vi Marsh")):
        User.objects.filter(email=f"{role}@{domain}").update(name=person)
    return made


def signed_out(at: Visitor) -> Iterator[str]:
    """Nobody is logged in, or somebody just tries to be."""
    firm, page = _firm(), at.page
    at.nobody()
    for name, path in (
        ("login", "/accounts/login/"),
        ("sign-up", "/accounts/signup/"),
        ("password-reset", "/accounts/password/reset/"),
        ("login-inactive", "/accounts/inactive/"),
        ("no-such-page-signed-out", "/nothing/here/"),
        ("password-link-broken", "/accounts/password/reset/key/1-broken/"),
    ):
        at.go(path)
        yield name
    at.go("/accounts/login/")
    page.get_by_label("E-mail address").fill("nobody@hale.example")
    page.get_by_label("Password", exact=True).fill("wrong")
    at.press("Log in")
    yield "login-refused"
    at.go("/accounts/signup/")
    at.press("Sign up")
    yield "sign-up-refused"
    page.get_by_label("Firm's name").fill("Marsh Law")
    page.get_by_label("Your firm's plan with Clio").select_option("Elite")
    page.get_by_label("Region of your Clio account").select_option("Canada")
    page.get_by_label("Your name").fill("Ada Marsh")
    page.get_by_label("Your e-mail address").fill("ada@marsh.example")
    page.get_by_label("Password").fill(PASSWORD)
    at.press("Sign up")
    yield "sign-up-code"
    at.settings.SIGN_UP = False
    at.nobody()
    at.go("/accounts/signup/")
    yield "sign-up-closed"
    at.settings.SIGN_UP = True
    at.go("/accounts/password/reset/")
    page.get_by_label("E-mail address").fill("staff@hale.example")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    yield "password-reset-sent"
    at.go(link_for("staff@hale.example"))
    yield "password-new"
    for field in page.locator("input[type=password]").all():
        field.fill("another-long-password-2")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    yield "password-new-done"
    yield from _invitations(at, firm)
    at.settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/h/ip"}
    for _ in range(2):
        at.go("/accounts/password/reset/")
        page.get_by_label("E-mail address").fill("staff@hale.example")
        page.locator("main form button").first.click()
        page.wait_for_load_state()
    yield "too-many-attempts"
    at.go("/accounts/login/?" + "a&" * 1001)
    yield "unreadable"


def _invitations(at: Visitor, firm: Firm) -> Iterator[str]:
    """The page that an invitation's link opens, in all its states."""
    ada = User.objects.get(email="admin@hale.example")
    with firm_scope(firm):
        issued = invite(firm=firm, actor=ada, email="new@hale.example", role=Role.STAFF, now=timezone.now())
    path = f"/invitations/{issued.token}/"
    at.go(path)
    yield "invitation"
    at.page.locator("main form button").first.click()
    at.page.wait_for_load_state()
    yield "invitation-refused"
    at.become(ada)
    at.go(path)
    yield "invitation-for-another"
    at.nobody()
    at.go("/invitations/1-broken/")
    yield "invitation-broken"
    with firm_scope(firm):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    at.go(path)
    yield "invitation-ran-out"
    for state, name in (("accepted", "invitation-accepted"), ("revoked", "invitation-taken-back")):
        with firm_scope(firm):
            Invitation.objects.update(state=state)
        at.go(path)
        yield name


def people(at: Visitor) -> Iterator[str]:
    """The firm and its people, what is refused, and the pages about one's own login."""
    firm = _firm()
    ada = User.objects.get(email="admin@hale.example")
    sam = Membership.objects.get(firm=firm, role="staff")
    with firm_scope(firm):
        issued = invite(firm=firm, actor=ada, email="new@hale.example", role=Role.VIEWER, now=timezone.now())
        mark_sent(issued.invitation, now=timezone.now())
        gone = invite(firm=firm, actor=ada, email="gone@hale.example", role=Role.STAFF, now=timezone.now())
        revoke(firm=firm, actor=ada, invitation_id=gone.invitation.pk)
    at.become(ada)
    for name, path in (
        ("dashboard-new", "/"),
        ("firm", "/firm/"),
        ("firm-settings", "/firm/settings/"),
        ("plan", "/firm/plan/"),
        ("invite", "/firm/invite/"),
        ("person", f"/firm/people/{sam.pk}/"),
        ("person-self", f"/firm/people/{Membership.objects.get(firm=firm, user=ada).pk}/"),
        ("person-remove", f"/firm/people/{sam.pk}/remove/"),
        ("leave-only-admin", "/firm/leave/"),
        ("firm-add", "/firm/add/"),
        ("connections-none", "/connections/"),
        ("bill-syncing-none", HOME),
        ("settings-not-connected", "/settings/xero/"),
        ("categories-not-yet", "/settings/categories/"),
        ("compare-not-yet", f"{HOME}compare/"),
        ("review-nothing", f"{HOME}review/"),
        ("errors-none", f"{HOME}errors/"),
        ("no-such-page", "/nothing/here/"),
        ("log-out", "/accounts/logout/"),
        ("own-login", "/accounts/"),
        ("password-change", "/accounts/password/change/"),
    ):
        at.go(path)
        yield name
    at.go("/firm/invite/")
    at.press("Send the invitation")
    yield "invite-refused"
    at.become("viewer@hale.example")
    for name, path in (
        ("dashboard-new-viewer", "/"),
        ("firm-viewer", "/firm/"),
        ("leave", "/firm/leave/"),
        ("not-open-to-you", "/firm/invite/"),
        ("connections-none-viewer", "/connections/"),
        ("setup-connect-viewer", "/setup/connect/"),
    ):
        at.go(path)
        yield name
    yield from _several_firms(at, ada)
    yield from _own_login(at)
    poor = _firm("Thorn Law", "thorn.example", plan="other")
    assert not poor.has_integration
    for role in ("admin", "viewer"):
        at.become(f"{role}@thorn.example")
        for name, path in (("dashboard", "/"), ("bill-syncing", HOME), ("plan", "/firm/plan/"), ("firm", "/firm/")):
            at.go(path)
            yield f"other-plan-{name}-{role}"
    yield from _organisations(at)
    at.become(User.objects.create_user("alone@nowhere.example", PASSWORD))
    for name, path in (("no-firm", "/"), ("own-login-no-firm", "/accounts/")):
        at.go(path)
        yield name


def _several_firms(at: Visitor, ada: User) -> Iterator[str]:
    """A person of two firms: the switch, and a form of the other firm."""
    other = create_firm(name="Second Chambers", admin_email=ada.email, password=PASSWORD, plan="elite", region="au")
    at.become(ada)
    at.go("/firm/settings/")
    at.page.locator(".topbar-wide summary").first.click()
    yield "firm-switch"
    at.page.evaluate(f"document.querySelector('main [name=for_firm]').value = '{other.slug}'")
    at.page.locator("main form button").first.click()
    at.page.wait_for_load_state()
    yield "firm-changed"
    at.page.context.clear_cookies(name="csrftoken")
    at.go("/firm/settings/")
    at.page.context.clear_cookies(name="csrftoken")
    at.page.locator("main form button").first.click()
    at.page.wait_for_load_state()
    yield "form-too-old"


def _organisations(at: Visitor) -> Iterator[str]:
    """A login that reaches several Xero organisations."""
    firm, now = _firm("Harrow & Lindqvist", "harrow.example"), timezone.now()
    names = ("Harrow & Lindqvist LLP", "Quiet Harbour Conveyancing and Notarial Services Trust (Ontario)")
    consent = Consent(
        service="xero", subject="someone", access_token="a", refresh_token="r", expires_at=now + timedelta(minutes=30)
    )
    with firm_scope(firm):
        accounts = [Account(service="xero", remote_id=str(place), name=name) for place, name in enumerate(names)]
        offer(accounts=accounts, consent=consent, now=now)
    at.become("admin@harrow.example")
    at.go("/connections/xero/choose/")
    yield "choose-organisation"
    at.page.evaluate("document.querySelectorAll('[name=tenant_id]').forEach(one => { one.value = 'another'; })")
    at.page.locator("[name=tenant_id]").first.check()
    at.press("Connect this organisation")
    yield "choose-organisation-refused"


def _own_login(at: Visitor) -> Iterator[str]:
    """The second step of logging in, and e-mail addresses."""
    at.log_in("staff@hale.example")
    for name, path in (
        ("second-step", "/accounts/2fa/"),
        ("own-addresses", "/accounts/email/"),
        ("password-again", "/accounts/reauthenticate/"),
    ):
        at.go(path)
        yield name
    at.page.get_by_label("Password").fill("wrong")
    at.press("Go on")
    yield "password-again-refused"
    at.go("/accounts/email/")
    at.page.get_by_label("E-mail address").fill("staff@hale.example")
    at.press("Add this address")
    yield "own-addresses-refused"
    another = EmailAddress.objects.create(user=User.objects.get(email="staff@hale.example"), email="s@hale.example")
    at.go("/accounts/email/")
    yield "own-addresses-several"
    at.go("/accounts/")
    yield "own-login-several-addresses"
    another.delete()
    yield from _second_step(at)


def _second_step(at: Visitor) -> Iterator[str]:
    """Turn the second step on, go through it, lose the phone, turn it off."""
    page = at.page
    code = page.get_by_label("Code")
    at.go("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(PASSWORD)
    at.press("Go on")
    yield "second-step-turn-on"
    code.fill("000 000")
    at.press("Turn on")
    yield "second-step-turn-on-refused"
    code.fill(shown_by_the_app(page.get_by_label("Or type this secret into the app").input_value()))
    at.press("Turn on")
    yield "recovery-codes-first"
    recovery = page.get_by_label("Codes that are left").input_value().split()
    for name, path in (
        ("second-step-on", "/accounts/2fa/"),
        ("own-login-second-step", "/accounts/"),
        ("recovery-codes-new", "/accounts/2fa/recovery-codes/generate/"),
        ("second-step-turn-off", "/accounts/2fa/totp/deactivate/"),
        ("code-again", "/accounts/2fa/reauthenticate/"),
    ):
        at.go(path)
        yield name
    at.log_in("staff@hale.example")
    yield "login-code"
    code.fill("nothing")
    at.press("Log in")
    yield "login-code-refused"
    code.fill(recovery[0])
    at.press("Log in")
    at.go("/accounts/2fa/totp/deactivate/")
    yield "password-or-code-again"
    page.get_by_label("Password").fill(PASSWORD)
    at.press("Go on")
    at.press("Turn off")
    yield "second-step-turned-off"


def setting_up(at: Visitor) -> Iterator[str]:
    """The first-time path, from the first step to the end of the first sync."""
    practice = at.start(Practice(bills=40, account_created=OLD_ACCOUNT))
    practice.open(at.settings)
    firm, clock = practice.firm, practice.clock
    add_member(firm=firm, email="viewer@firm.example", password=PASSWORD, role="viewer")
    ada = User.objects.get(email="admin@firm.example")
    with firm_scope(firm):
        SyncSettings.objects.all().delete()
    at.become(ada)
    for name, path in (("setup-connect", "/setup/connect/"), ("setup-accounts", "/setup/accounts/")):
        at.go(path)
        yield name
    at.page.locator("select[name=time_entries_account]").select_option("")
    at.press("Save and go on")
    yield "setup-accounts-refused"
    with firm_scope(firm):
        practice.configure(export_bills=False)
        SyncSettings.objects.update(saved_at=clock.now())
    for name, path in (("setup-preferences", "/setup/preferences/"), ("setup-preview-none", "/setup/preview/")):
        at.go(path)
        yield name
    with firm_scope(firm):
        ask_for_preview(firm=firm, now=clock.now())
    at.go("/setup/preview/")
    yield "setup-preview-making"
    _work(practice)
    for bill in practice.records("bill")[4:6]:
        practice.clio.act("break_bill", bill_id=bill["id"])
    clock.advance(60)
    with firm_scope(firm):
        ask_for_preview(firm=firm, now=clock.now())
    _work(practice)
    for name, path in (("setup-preview", "/setup/preview/"), ("dashboard-before-start", "/")):
        at.go(path)
        yield name
    at.become("viewer@firm.example")
    for name in ("accounts", "preferences", "preview"):
        at.go(f"/setup/{name}/")
        yield f"setup-{name}-viewer"
    at.become(ada)
    with firm_scope(firm):
        ready = Preview.objects.get()
        Preview.objects.update(state="failed", message="Clio could not be reached.")
    at.go("/setup/preview/")
    yield "setup-preview-failed"
    with firm_scope(firm):
        Preview.objects.update(state=ready.state, message="")
        practice.xero.set_limits(per_minute=1, per_day=None, concurrent=None, app_per_minute=None)
        start_first_sync(firm=firm, user=ada, now=clock.now())
    for _ in range(3):
        worked = work_one_turn(firm=firm, clock=clock.now)
        clock.advance(max(0.0, (worked.again_at - clock.now()).total_seconds()))
    for name, path in (("setup-progress", "/setup/progress/"), ("dashboard-first-sync", "/")):
        at.go(path)
        yield name
    practice.xero.set_limits(per_minute=None, per_day=None, concurrent=None, app_per_minute=None)
    _work(practice)
    at.go("/setup/progress/")
    yield "setup-progress-done"


def _work(practice: Practice) -> None:
    """Let a worker go on until its turn is over."""
    for _ in range(40):
        worked = work_one_turn(firm=practice.firm, clock=practice.clock.now)
        if worked.finished:
            return
        practice.clock.advance(max(0.0, (worked.again_at - practice.clock.now()).total_seconds()))


def synced(at: Visitor) -> Iterator[str]:
    """A firm that syncs, with problems of many kinds, seen by its admin, its staff and its viewer."""
    practice = at.start(Practice(bills=16, account_created=OLD_ACCOUNT))
    practice.open(at.settings)
    firm = practice.firm
    for role in ("staff", "viewer"):
        add_member(firm=firm, email=f"{role}@firm.example", password=PASSWORD, role=role)
    with firm_scope(firm):
        SyncSettings.objects.update(saved_at=practice.clock.now())
    at.become("admin@firm.example")
    practice.sync()
    practice.sync(full=True)
    _past_runs(practice)
    for name, path in (
        ("dashboard-clean", "/"),
        ("bill-syncing-clean", HOME),
        ("bill-syncing-filtered", f"{HOME}?state=in_step&text=er&sort=client#bills"),
        ("bill-syncing-nothing-fits", f"{HOME}?text=nobody-of-this-name"),
    ):
        at.go(path)
        yield name
    at.go("/settings/xero/")
    at.page.locator("input[name=bills_issued_from]").fill("2026-01-01")
    at.page.locator("input[name=bills_issued_from]").blur()
    at.page.get_by_text("What saving would change").wait_for()
    yield "settings-xero-changed"
    troubles = _make_trouble(practice)
    with firm_scope(firm):
        errors = {error.code: error.pk for error in SyncError.objects.filter(state="open")}
        sent = Link.objects.filter(kind="payment", state="in_step").values_list("bill_id", flat=True)[0]
        client = Link.objects.filter(kind="contact", state="in_step").values_list("clio_id", flat=True)[0]
    pages = (
        ("dashboard", "/"),
        ("bill-syncing", HOME),
        ("errors", f"{HOME}errors/"),
        ("errors-ignored", f"{HOME}errors/?state=ignored"),
        ("cause", f"{HOME}errors/{errors['account_archived']}/"),
        ("bill", f"{HOME}bills/{sent}/"),
        ("bill-with-problem", f"{HOME}bills/{troubles['broken']}/"),
        ("contact", f"{HOME}contacts/{client}/"),
        ("contact-with-problem", f"{HOME}contacts/{troubles['taken']}/"),
        ("compare", f"{HOME}compare/"),
        ("settings-xero", "/settings/xero/"),
        ("settings-categories", "/settings/categories/"),
        ("connections", "/connections/"),
        ("firm-busy", "/firm/"),
    )
    for name, path in pages:
        at.go(path)
        yield name
    for name, path in (
        ("contact-choice", f"{HOME}errors/{errors['contact_name_taken']}/contacts/?text=a"),
        ("contact-choice-none", f"{HOME}errors/{errors['contact_name_taken']}/contacts/?text=nobody"),
        ("adopt", f"{HOME}errors/{errors['invoice_number_taken']}/invoices/"),
        ("resync", f"{HOME}bills/{sent}/resync/"),
    ):
        at.go(path)
        yield name
    yield from _in_hand(at)
    for role, seen in (("staff", _ALSO_BY_STAFF), ("viewer", _ALSO_BY_VIEWERS)):
        at.become(f"{role}@firm.example")
        for name, path in pages:
            if name in seen:
                at.go(path)
                yield f"{name}-{role}"
    at.go(f"{HOME}bills/{sent}/resync/")
    yield "resync-not-open-to-you"
    yield from _stopped(at, practice)


#: Pages that offer somebody else less.
_ALSO_BY_STAFF = {"dashboard", "settings-xero", "settings-categories", "connections"}
_ALSO_BY_VIEWERS = _ALSO_BY_STAFF | {"bill-syncing", "bill", "compare"}


def _in_hand(at: Visitor) -> Iterator[str]:
    """Settings that are refused, a comparison that is asked for, a disconnecting that was not confirmed."""
    at.go("/settings/xero/")
    at.page.locator("select[name=expenses_account]").select_option("")
    at.press("Update sync settings")
    yield "settings-xero-refused"
    at.page.goto("about:blank")
    at.go(f"{HOME}compare/")
    at.press("Compare now")
    yield "compare-asked"
    at.go("/connections/")
    at.page.locator("details.connection-end summary").first.click()
    at.page.locator("details.connection-end[open] button.button-danger").click()
    at.page.wait_for_load_state()
    yield "connections-refused"


def _past_runs(practice: Practice) -> None:
    """A month of runs, as a firm has them that has used this for a while."""
    now = practice.clock.now()
    with firm_scope(practice.firm):
        for days in range(1, 30):
            for part in range(3):
                counts = empty_counts()
                counts["invoice"]["created"] = (days * 7 + part * 5) % 23
                counts["contact"]["created"] = days % 3
                started = now - timedelta(days=days, hours=part)
                failed = days in {9, 10} and part == 2
                Run.objects.create(
                    reason="schedule",
                    state="failed" if failed else "errors" if days % 11 == 0 else "clean",
                    phase="done",
                    started_at=started,
                    ended_at=started + timedelta(seconds=4),
                    counts=counts,
                    sent=counts["invoice"]["created"] + counts["contact"]["created"],
                    clio_calls=6,
                    xero_calls=3,
                    seconds=3.6,
                )


def _make_trouble(practice: Practice) -> dict[str, int]:
    """Sync errors of many causes, one ignored, and a payment only Xero has; gives Clio ids by what is wrong."""
    clio, xero = practice.clio, practice.xero
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 90, "AccountCode": "201", "TaxType": "NONE"}
    name = "Alder Holdings Ltd"
    by_hand = xero.act("add_contact", Name=name, EmailAddress="office@alder.example")["ContactID"]
    taken = clio.act("add_contact", type="Company", name=name)["id"]
    for price in (420, 1250):
        clio.act("add_bill", client_id=taken, lines=[{"description": "Advice", "price": price}])
    xero.act("add_invoice", contact=by_hand, InvoiceNumber="A-77", LineItems=[line])
    clio.act("add_bill", number="A-77", lines=[{"description": "Advice", "price": 300}])
    bills = [bill for bill in practice.records("bill") if bill["state"] == "awaiting_payment"]
    broken, ignored, paid = (bill["id"] for bill in bills[:3])
    for bill_id in (broken, ignored):
        clio.act("break_bill", bill_id=bill_id)
    number = practice.invoice(paid)["InvoiceNumber"]
    xero.act("record_payment", invoice=number, amount="10.00")
    practice.step()
    practice.sync()
    with firm_scope(practice.firm):
        ada = Membership.objects.get(firm=practice.firm, role="admin").user
        error = SyncError.objects.get(clio_id=ignored, state="open")
        reason = "Known; waits for the partner."
        triage.ignore(firm=practice.firm, user=ada, error_ids=[error.pk], reason=reason, now=practice.clock.now())
    xero.act("archive_account", account="260")
    practice.refresh()
    for price in range(100, 700, 100):
        clio.act("add_bill", lines=[{"kind": "Expense", "description": "Filing fee", "price": price}])
    practice.step()
    practice.sync(full=True)
    return {"taken": taken, "broken": broken}


def _stopped(at: Visitor, practice: Practice) -> Iterator[str]:
    """A run that would void unusually much, and a page that cannot be shown."""
    at.become("admin@firm.example")
    with firm_scope(practice.firm):
        sent = list(Link.objects.filter(kind="invoice", state="in_step").values_list("clio_id", flat=True))
    for bill_id in sent[:11]:
        practice.clio.act("void_bill", bill_id=bill_id)
    practice.step()
    practice.sync()
    at.go(f"{HOME}review/")
    yield "review"
    at.become("staff@firm.example")
    at.go(f"{HOME}review/")
    yield "review-staff"
    with firm_scope(practice.firm):
        FirmSync.objects.update(tie_out={"at": "not a date"})
    at.go(f"{HOME}compare/")
    yield "something-went-wrong"


def stand_in_clio(at: Visitor) -> Iterator[str]:
    """The pages of the stand-in Clio."""
    practice = at.start(Practice(bills=12))
    clio, url = practice.clio, practice.clio_url
    bill = clio.act("add_bill", number="Z-1", tax_rate=13, lines=[{"price": 100, "quantity": 1}])["id"]
    clio.act("record_payment", bill_id=bill, amount=5)
    clio.act("write_off", bill_id=bill, amount=5)
    for name, path in (
        ("bills", "/"),
        ("bills-nothing-fits", "/?q=nobody"),
        ("bill", f"/stand-in/bills/{bill}"),
        ("bill-new", "/stand-in/bills/new"),
        ("contacts", "/stand-in/contacts"),
        ("contact", "/stand-in/contacts/501"),
        ("contact-new", "/stand-in/contacts/new"),
        ("costs", "/stand-in/costs"),
        ("login", "/stand-in/login"),
        ("no-such-page", "/nothing"),
        (
            "consent",
            "/oauth/authorize?response_type=code&client_id=clio-demo&redirect_uri=http://localhost:9/x&state=s",
        ),
    ):
        at.go(url + path)
        yield f"stand-in-clio-{name}"
    at.go(f"{url}/stand-in/bills/{bill}")
    at.page.get_by_text("Record a payment").click()
    form = at.page.locator("#record-payment")
    form.get_by_label("Amount").fill("5000000")
    form.get_by_role("button", name="Record it").click()
    at.page.wait_for_load_state()
    yield "stand-in-clio-bill-refused"


def stand_in_xero(at: Visitor) -> Iterator[str]:
    """The pages of the stand-in Xero."""
    practice = at.start(Practice(bills=3))
    practice.open(at.settings)
    practice.sync()
    xero, url, tenant = practice.xero, practice.xero_url, practice.tenant
    state = xero.state(tenant)
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 90, "AccountCode": "201", "TaxType": "NONE"}
    contact = state["contacts"][0]["ContactID"]
    invoice = xero.act("add_invoice", contact=contact, InvoiceNumber="A-1", LineItems=[line])["InvoiceID"]
    note = xero.act("add_credit_note", contact=contact, LineAmountTypes="Inclusive", LineItems=[line])["CreditNoteID"]
    xero.act("record_payment", invoice="A-1", amount="10.00")
    organisation = "/app/!hl9Q1"
    scope = "openid profile email offline_access accounting.contacts accounting.invoices"
    asked = f"response_type=code&client_id=xero-demo&redirect_uri=http://localhost:8000/callback&state=s&scope={scope}"
    for name, path in (
        ("home", "/"),
        ("invoice", f"/app/invoice/{invoice}"),
        ("credit-note", f"/app/creditnote/{note}"),
        ("contact", f"/app/contact/{contact}"),
        ("account", f"/app/account/{state['accounts'][0]['AccountID']}"),
        *(
            (section.replace("/", "-"), f"{organisation}/{section}")
            for section in (
                "invoices", "invoices/new", "credit-notes", "credit-notes/new", "bank-transactions", "contacts",
                "contacts/new", "accounts", "tax-rates", "lock-dates", "connections",
            )
        ),
        ("no-such-page", "/nothing"),
        ("consent", f"/identity/connect/authorize?{asked}"),
    ):  # fmt: skip
        at.go(url + path)
        yield f"stand-in-xero-{name}"


CHAPTERS: tuple[Chapter, ...] = (signed_out, people, setting_up, synced, stand_in_clio, stand_in_xero)
