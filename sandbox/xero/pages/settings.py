"""Tax rates, lock dates and connections of an organisation."""

from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, moment, tag
from sandbox.web.posted import Posted
from sandbox.web.site import Deed, Visit
from sandbox.xero.entities import TaxRate
from sandbox.xero.grants import USERS
from sandbox.xero.pages.room import Room, view

_KINDS = (("OUTPUT", "Sales"), ("INPUT", "Purchases"), ("NONE", "Both"))


def tax_rates(visit: Visit[Room], code: str) -> View:
    """Every tax rate, to archive and to bring back."""
    books = visit.room.books(code)
    rows = [[*_rate(rate), forms.show(_archive_form(rate), visit.said)] for rate in books.tax_rates.values()]
    add = forms.Form(
        name="add-rate",
        title="Add a tax rate",
        button="Add it",
        fields=[
            forms.text("name", needed=True),
            forms.text("tax_type", needed=True, hint="Such as TAX010: how the API names it."),
            forms.amount("rate", needed=True, label="Per cent"),
            forms.choice("kind", "OUTPUT", _KINDS, label="For"),
        ],
    )
    heads = parts.heads("Name", "Tax type", "For", "Rate", "Status", "")
    return view(books, "Tax rates", forms.show(add, visit.said), parts.table(heads, rows), section="tax-rates")


def _rate(rate: TaxRate) -> list[Child]:
    return [rate.name, rate.tax_type, rate.report_type, f"{rate.rate:f} %", rate.status]


def _archive_form(rate: TaxRate) -> forms.Form:
    if rate.status == "ACTIVE":
        return forms.Form(name="archive-rate", about=rate.tax_type, of=rate.name, button="Archive", grave=True)
    return forms.Form(name="restore-rate", about=rate.tax_type, of=rate.name, button="Restore")


def _archive(room: Room, posted: Posted, code: str) -> None:
    action = "archive_tax_rate" if posted.form == "archive-rate" else "activate_tax_rate"
    room.act(room.books(code), action, tax_type=posted.about)


def _add_rate(room: Room, posted: Posted, code: str) -> None:
    posted.needed("rate")
    room.act(
        room.books(code),
        "add_tax_rate",
        name=posted.needed("name"),
        tax_type=posted.needed("tax_type"),
        rate=posted.decimal("rate"),
        kind=posted.text("kind"),
    )


def lock_dates(visit: Visit[Room], code: str) -> View:
    """Both lock dates: what is dated on or before one cannot be changed."""
    books = visit.room.books(code)
    form = forms.Form(
        name="set-locks",
        button="Save",
        fields=[
            forms.day("period", books.period_lock, label="Period lock date"),
            forms.day("year", books.year_lock, label="End of year lock date"),
        ],
        note="What is dated on or before a lock date can neither be made nor changed. An empty date locks nothing.",
    )
    clear = forms.Form(name="clear-locks", button="Clear both")
    held = books.period_lock or books.year_lock
    return view(
        books,
        "Lock dates",
        forms.show(form, visit.said),
        forms.show(clear, visit.said) if held else None,
        section="lock-dates",
    )


def _set_locks(room: Room, posted: Posted, code: str) -> None:
    period, year = posted.day("period"), posted.day("year")
    room.act(
        room.books(code),
        "set_lock_dates",
        period=period.isoformat() if period else None,
        year=year.isoformat() if year else None,
    )


def _clear_locks(room: Room, _posted: Posted, code: str) -> None:
    room.act(room.books(code), "set_lock_dates")


def connections(visit: Visit[Room], code: str) -> View:
    """Who connected which application to the organisation."""
    books = visit.room.books(code)
    people = {user.id: f"{user.name} ({user.email})" for user in USERS}
    held = visit.room.office.connections(books.tenant_id)
    rows: list[list[Child]] = [
        [one.client_id, people.get(one.user_id, one.user_id), moment(one.created)] for one in held
    ]
    cut = forms.Form(
        name="disconnect",
        button="Disconnect every application",
        grave=True,
        note="As when somebody in Xero removes it: calls for this organisation are refused from then on.",
    )
    return view(
        books,
        "Connections",
        tag("p", "Applications that may read and change this organisation."),
        parts.table(parts.heads("Application", "Connected by", "Since"), rows, empty="No application is connected."),
        forms.show(cut, visit.said) if rows else None,
        section="connections",
    )


def _disconnect(room: Room, _posted: Posted, code: str) -> None:
    room.act(room.books(code), "disconnect")


RATE_DEEDS = {
    "archive-rate": Deed(_archive, "The tax rate is archived."),
    "restore-rate": Deed(_archive, "The tax rate is active again."),
    "add-rate": Deed(_add_rate, "The tax rate is added."),
}
LOCK_DEEDS = {
    "set-locks": Deed(_set_locks, "The lock dates are set."),
    "clear-locks": Deed(_clear_locks, "Nothing is locked any more."),
}
CONNECTION_DEEDS = {"disconnect": Deed(_disconnect, "No application is connected any more.")}
