"""What people did in a firm, written down and told again in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import AuditEvent, Firm, Plan, Role, User

Sentence = Callable[[Mapping[str, Any]], str]

_sentences: dict[str, Sentence] = {}


def record_event(*, firm: Firm, action: str, actor: User | None, detail: Mapping[str, Any] | None = None) -> AuditEvent:
    """Write down that `actor` (None: the operator, or the program itself) did `action`.

    `detail` is what JSON can hold. Never put a token, a password or a firm's figures into it.
    """
    with firm_scope(firm):
        return AuditEvent.objects.create(actor=actor, action=action, detail=dict(detail or {}))


def tell(action: str, sentence: Sentence) -> None:
    """Say how an action reads on the Firm page; each application registers its own when it is loaded."""
    _sentences[action] = sentence


def describe(event: AuditEvent) -> str:
    """The event in words. An action that nobody has registered is shown by its name."""
    sentence = _sentences.get(event.action)
    if sentence is None:
        return event.action.replace("_", " ").capitalize()
    return sentence(event.detail)


def _label(kind: type[Plan] | type[Role], value: object) -> str:
    return str(kind(value).label) if value in kind.values else str(value)


def _field_name(name: str) -> str:
    return str(getattr(Firm._meta.get_field(name), "verbose_name", name))


def _who_as_what(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {"email": detail.get("email"), "role": _label(Role, detail.get("role"))}


def _role_changed(detail: Mapping[str, Any]) -> str:
    if "old" not in detail:
        return _("%(email)s is now %(role)s.") % _who_as_what(detail)
    words = _("%(email)s is now %(role)s, no longer %(old)s.")
    return words % {**_who_as_what(detail), "old": _label(Role, detail["old"])}


def _firm_changed(detail: Mapping[str, Any]) -> str:
    told = _("Changed: %(fields)s.") % {"fields": ", ".join(map(_field_name, detail.get("fields", ())))}
    changes = "; ".join(
        f"{_value(name, old)} → {_value(name, new)}" for name, (old, new) in detail.get("changes", {}).items()
    )
    return f"{told} {changes}." if changes else told


def _value(name: str, value: object) -> str:
    """A value of the firm as its page shows it."""
    choices = dict(getattr(Firm._meta.get_field(name), "flatchoices", ()) or ())
    return str(choices.get(value, value))


tell(
    "firm_created",
    lambda detail: _("The firm was created on the plan %(plan)s.") % {"plan": _label(Plan, detail.get("plan"))},
)
tell("firm_changed", _firm_changed)
tell(
    "plan_changed",
    lambda detail: (
        _("The plan was changed from %(old)s to %(new)s.")
        % {"old": _label(Plan, detail.get("old")), "new": _label(Plan, detail.get("new"))}
    ),
)
tell("member_added", lambda detail: _("%(email)s was added as %(role)s.") % _who_as_what(detail))
tell("member_changed", _role_changed)
tell("member_removed", lambda detail: _("%(email)s was removed.") % _who_as_what(detail))
tell("member_left", lambda detail: _("%(email)s, who was %(role)s, left the firm.") % _who_as_what(detail))
tell("member_invited", lambda detail: _("%(email)s was invited as %(role)s.") % _who_as_what(detail))
tell(
    "invitation_renewed",
    lambda detail: _("The invitation to %(email)s as %(role)s was sent again.") % _who_as_what(detail),
)
tell("invitation_revoked", lambda detail: _("The invitation to %(email)s was taken back.") % _who_as_what(detail))
tell(
    "invitation_accepted",
    lambda detail: _("%(email)s accepted the invitation, as %(role)s.") % _who_as_what(detail),
)
