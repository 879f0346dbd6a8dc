"""E-mail addresses, phones and addresses of a contact: their forms and what these do."""

from dataclasses import dataclass
from typing import Any

from sandbox.clio.contact_writes import ADDRESS_NAMES, EMAIL_NAMES, PHONE_NAMES
from sandbox.clio.pages.room import CONTACTS, Room, contact_path
from sandbox.web import forms
from sandbox.web.posted import FormProblem, Posted
from sandbox.web.site import Deed


@dataclass(frozen=True)
class Detail:
    """One kind of detail: where a contact holds it, and what the API calls it, its parts and the primary one."""

    held: str
    title: str
    word: str
    api: str
    chosen: str
    kinds: tuple[str, ...]
    parts: tuple[str, ...]

    def text_of(self, row: Any) -> str:
        """A row in one line."""
        return ", ".join(text for text in (getattr(row, part) for part in self.parts) if text)


DETAILS = {
    detail.held: detail
    for detail in (
        Detail(
            "emails",
            "E-mail addresses",
            "an e-mail address",
            "email_addresses",
            "default_email",
            EMAIL_NAMES,
            ("address",),
        ),
        Detail("phones", "Phones", "a phone", "phone_numbers", "default_number", PHONE_NAMES, ("number",)),
        Detail(
            "addresses",
            "Addresses",
            "an address",
            "addresses",
            "primary",
            ADDRESS_NAMES,
            ("street", "city", "province", "postal_code", "country"),
        ),
    )
}


def detail_form(detail: Detail, row: Any | None) -> forms.Form:
    """Change a row, or add one."""
    kind = row.name if row else detail.kinds[0]
    return forms.Form(
        name="save-detail",
        about=f"{detail.held}-{row.id if row else 'new'}",
        of=detail.text_of(row) if row else "",
        title="Change" if row else f"Add {detail.word}",
        button="Save",
        fields=[
            *(forms.text(part, getattr(row, part) if row else "") for part in detail.parts),
            forms.choice("name", kind, [(name, name) for name in detail.kinds], label="Kind"),
            forms.tick("primary", on=bool(row and row.primary)),
        ],
    )


def drop_form(detail: Detail, row: Any) -> forms.Form:
    """Remove a row."""
    about, of = f"{detail.held}-{row.id}", detail.text_of(row)
    return forms.Form(name="drop-detail", about=about, of=of, button="Remove", grave=True)


def _about(posted: Posted) -> tuple[Detail, str]:
    held, _, row_id = posted.about.partition("-")
    if held not in DETAILS:
        raise FormProblem("This form is about nothing that a contact has.")
    return DETAILS[held], row_id


def _save(room: Room, posted: Posted, contact_id: int) -> None:
    detail, row_id = _about(posted)
    new = row_id == "new"
    names = [*detail.parts, "name"]
    asked: dict[str, Any] = {name: posted.text(name) for name in (names if new else posted.changed(*names))}
    if new or posted.changed("primary"):
        asked[detail.chosen] = posted.ticked("primary")
    if not new:
        asked["id"] = int(row_id)
    room.act("edit_contact", contact_id=contact_id, **{detail.api: [asked]})


def _drop(room: Room, posted: Posted, contact_id: int) -> None:
    detail, row_id = _about(posted)
    room.act("edit_contact", contact_id=contact_id, **{detail.api: [{"id": int(row_id), "_destroy": True}]})


def _rename(room: Room, posted: Posted, contact_id: int) -> None:
    names = posted.changed("name", "first_name", "middle_name", "last_name")
    room.act("edit_contact", contact_id=contact_id, **{name: posted.text(name) for name in names})


def _merge(room: Room, posted: Posted, contact_id: int) -> str:
    winner = posted.number("into")
    if winner is None:
        posted.needed("into")
    room.act("merge_contacts", winner=winner, loser=contact_id)
    return contact_path(winner or contact_id)


def _delete(room: Room, _posted: Posted, contact_id: int) -> str:
    room.act("delete_contact", contact_id=contact_id)
    return CONTACTS


CONTACT_DEEDS = {
    "rename-contact": Deed(_rename, "The contact is renamed."),
    "save-detail": Deed(_save, "The contact is saved."),
    "drop-detail": Deed(_drop, "It is removed."),
    "merge-contact": Deed(_merge, "The contacts are merged."),
    "delete-contact": Deed(_delete, "The contact is deleted."),
}
