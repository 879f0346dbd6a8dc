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


tell(
    "firm_created",
    lambda detail: _("The firm was created on the plan %(plan)s.") % {"plan": _label(Plan, detail.get("plan"))},
)
tell(
    "member_added",
    lambda detail: (
        _("%(email)s was added as %(role)s.") % {"email": detail.get("email"), "role": _label(Role, detail.get("role"))}
    ),
)
tell(
    "member_changed",
    lambda detail: (
        _("%(email)s is now %(role)s.") % {"email": detail.get("email"), "role": _label(Role, detail.get("role"))}
    ),
)
tell("member_removed", lambda detail: _("%(email)s was removed.") % {"email": detail.get("email")})
tell(
    "firm_changed",
    lambda detail: _("Changed: %(fields)s.") % {"fields": ", ".join(map(_field_name, detail.get("fields", ())))},
)
