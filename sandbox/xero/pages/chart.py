"""The chart of accounts, and an account's page."""

from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, link, moment
from sandbox.web.posted import Posted
from sandbox.web.site import Deed, Visit
from sandbox.xero.entities import Account
from sandbox.xero.pages.room import Room, view
from sandbox.xero.seeds import CLASSES


def chart(visit: Visit[Room], code: str) -> View:
    """Every account by code, to archive and to bring back."""
    books = visit.room.books(code)
    rows = [
        [*_row(row), forms.show(_archive_form(row), visit.said)]
        for row in sorted(books.accounts, key=lambda row: (row.code == "", row.code, row.name))
        if row.status != "DELETED"
    ]
    rates = [("NONE", "None"), *((rate.tax_type, rate.name) for rate in books.tax_rates.values())]
    add = forms.Form(
        name="add-account",
        title="Add an account",
        button="Add it",
        fields=[
            forms.text("code", hint="May be empty: such an account is no line target for integrations."),
            forms.text("name", needed=True),
            forms.choice("kind", "REVENUE", [(kind, kind) for kind in CLASSES], label="Type"),
            forms.choice("tax_type", "NONE", dict(rates).items(), label="Tax rate"),
            forms.tick("payments", label="Takes payments"),
        ],
    )
    return view(
        books,
        "Chart of accounts",
        forms.show(add, visit.said),
        parts.table(parts.heads("Account", "Type", "Tax rate", "Status", ""), rows),
        section="accounts",
    )


def _row(row: Account) -> list[Child]:
    kind = f"{row.type}, system account" if row.system else row.type
    name = f"{row.code} {row.name}".strip() if row.code else f"{row.name} (no code)"
    return [link(f"/app/account/{row.id}", name), kind, row.tax_type, row.status]


def _archive_form(row: Account, *, about: bool = True) -> forms.Form:
    this = row.id if about else ""
    if row.status == "ACTIVE":
        return forms.Form(name="archive-account", about=this, of=row.name, button="Archive", grave=True)
    return forms.Form(name="restore-account", about=this, of=row.name, button="Restore")


def account_page(visit: Visit[Room], row_id: str) -> View:
    """One account: rename it, give it another code or none, archive it."""
    books, row = visit.room.find("accounts", row_id)
    edit = forms.Form(
        name="edit-account",
        title="Rename, or change the code",
        button="Save",
        fields=[forms.text("name", row.name, needed=True), forms.text("code", row.code)],
    )
    uncode = forms.Form(name="remove-code", button="Take the code away", grave=True)
    return view(
        books,
        f"{row.code} {row.name}".strip(),
        parts.facts(
            {
                "Status": row.status,
                "Code": row.code or "None",
                "Type": row.type,
                "Class": row.account_class,
                "Tax rate": row.tax_type,
                "System account": row.system,
                "Takes payments": "Yes" if row.payments_enabled or row.type == "BANK" else "No",
                "Changed": moment(row.updated),
            }
        ),
        parts.row_of(
            forms.show(_archive_form(row, about=False), visit.said),
            forms.show(uncode, visit.said) if row.code else None,
        ),
        forms.show(edit, visit.said),
        section="accounts",
    )


def _archive(room: Room, posted: Posted, row_id: str = "", **_path: str) -> None:
    books, row = room.find("accounts", row_id or posted.about)
    action = "archive_account" if posted.form == "archive-account" else "activate_account"
    room.act(books, action, account=row.id)


def _edit(room: Room, posted: Posted, row_id: str) -> None:
    books, row = room.find("accounts", row_id)
    if posted.changed("name"):
        room.act(books, "rename_account", account=row.id, name=posted.needed("name"))
    if posted.changed("code"):
        room.act(books, "change_account_code", account=row.id, code=posted.text("code"))


def _uncode(room: Room, _posted: Posted, row_id: str) -> None:
    books, row = room.find("accounts", row_id)
    room.act(books, "remove_account_code", account=row.id)


def _add(room: Room, posted: Posted, code: str) -> None:
    room.act(
        room.books(code),
        "add_account",
        name=posted.needed("name"),
        code=posted.text("code"),
        kind=posted.text("kind"),
        tax_type=posted.text("tax_type"),
        payments=posted.ticked("payments"),
    )


_ARCHIVING = {
    "archive-account": Deed(_archive, "The account is archived."),
    "restore-account": Deed(_archive, "The account is active again."),
}
CHART_DEEDS = {**_ARCHIVING, "add-account": Deed(_add, "The account is added.")}
ACCOUNT_DEEDS = {
    **_ARCHIVING,
    "edit-account": Deed(_edit, "The account is saved."),
    "remove-code": Deed(_uncode, "The account has no code any more."),
}
