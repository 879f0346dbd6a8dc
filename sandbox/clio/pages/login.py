"""What the connected login may see, and which applications are connected."""

from sandbox.clio.pages.room import LOGIN, Room, view
from sandbox.web import forms, parts
from sandbox.web.frame import View
from sandbox.web.html import Child, counted
from sandbox.web.posted import FormProblem, Posted, told
from sandbox.web.site import Deed, Visit

KINDS = (
    "bills",
    "contacts",
    "matters",
    "line_items",
    "activities",
    "allocations",
    "credit_memos",
    "interest_charges",
)


def login_page(visit: Visit[Room]) -> View:
    """What is hidden now, and the switches."""
    store = visit.room.store
    rows = [[told(kind), "Not seen at all", _which(ids)] for kind, ids in store.hidden.items()]
    rows += [[told(kind), "Seen without details", _which(ids)] for kind, ids in store.redacted.items()]
    apps = visit.room.office.connected()
    return view(
        "What the login sees",
        parts.section(
            "Hidden records",
            parts.table(parts.heads("Kind", "How", "Which"), rows, empty="The connected login sees everything."),
            forms.show(_hide_form(), visit.said),
            forms.show(forms.Form(name="show-all", button="Show everything again"), visit.said) if rows else None,
        ),
        parts.section("Connected applications", _apps(visit, apps)),
        here=LOGIN,
    )


def _which(ids: set[int] | None) -> str:
    return "All" if ids is None else ", ".join(map(str, sorted(ids)))


def _hide_form() -> forms.Form:
    return forms.Form(
        name="hide",
        title="Hide records from the login",
        button="Hide them",
        fields=[
            forms.choice("kind", "bills", [(kind, told(kind)) for kind in KINDS]),
            forms.text("numbers", hint="Numbers in the API with commas between them; empty for all of the kind."),
            forms.tick("redact", label="Contacts: leave them seen, without details"),
        ],
        note="As when somebody takes rights from the user: the records leave the lists and cannot be read by number.",
    )


def _apps(visit: Visit[Room], apps: list[str]) -> list[Child]:
    if not apps:
        return ["No application is connected."]
    revoke = forms.Form(
        name="revoke",
        button="Disconnect them all from Clio's side",
        grave=True,
        note="Their tokens end at once, as when a user removes an application in Clio.",
    )
    return [f"{counted(len(apps), 'consent')}: {', '.join(apps)}.", forms.show(revoke, visit.said)]


def _hide(room: Room, posted: Posted) -> None:
    kind, redact = posted.text("kind"), posted.ticked("redact")
    if kind not in KINDS:
        raise FormProblem("Kind: choose one of the list.")
    if redact and kind != "contacts":
        raise FormProblem("Only contacts can be seen without their details.")
    texts = [text.strip() for text in posted.text("numbers").split(",") if text.strip()]
    if not all(text.isascii() and text.isdigit() for text in texts):
        raise FormProblem("Numbers: whole numbers with commas between them, such as 9001, 9002.")
    room.act("hide", kind=kind, ids=[int(text) for text in texts] or None, redact=redact)


def _show_all(room: Room, _posted: Posted) -> None:
    room.act("show_all")


def _revoke(room: Room, _posted: Posted) -> None:
    room.act("revoke_tokens")


LOGIN_DEEDS = {
    "hide": Deed(_hide, "The login no longer sees them."),
    "show-all": Deed(_show_all, "The login sees everything again."),
    "revoke": Deed(_revoke, "No application is connected any more."),
}
