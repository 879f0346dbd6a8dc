"""What an admin changes about the firm itself: its name, how times and dates are written, its plan."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record_event
from accounts.models import Firm, Plan, User

#: What a firm's admin may move to; the operator may set any plan (BEHAVIOUR §1).
PLANS_TO_CHOOSE = (Plan.BOUTIQUE, Plan.ELITE)
_SETTINGS = ("name", "time_zone", "date_format")


class FirmChangeError(Exception):
    """A change of the firm cannot be made; the text says why and the way out."""


@transaction.atomic
def change_settings(*, firm: Firm, actor: User, values: dict[str, Any]) -> list[str]:
    """Save the checked `values` of name, time_zone and date_format; gives the names of those that were different.

    The history keeps old and new.
    """
    locked = Firm.objects.select_for_update(no_key=True).get(pk=firm.pk)
    changes = {
        name: [getattr(locked, name), values[name]] for name in _SETTINGS if getattr(locked, name) != values[name]
    }
    if changes:
        Firm.objects.filter(pk=firm.pk).update(**{name: new for name, (_old, new) in changes.items()})
        detail = {"fields": list(changes), "changes": changes}
        record_event(firm=firm, actor=actor, action="firm_changed", detail=detail)
    return list(changes)


@transaction.atomic
def move_to_plan(*, firm: Firm, actor: User, plan: str) -> None:
    """Set the plan that the firm's admin says it has with Clio: Boutique or Elite.

    Raises FirmChangeError for another plan, and where the firm's plan is not the one any more that the admin saw.
    """
    if plan not in PLANS_TO_CHOOSE:
        raise FirmChangeError(_("An admin can move the firm to Boutique or Elite. The operator sets any other plan."))
    if plan == firm.plan:
        raise FirmChangeError(_("The firm has this plan already. Nothing was changed."))
    if not Firm.objects.filter(pk=firm.pk, plan=firm.plan).update(plan=plan):
        raise FirmChangeError(_("Somebody changed the plan at the same moment. Look at it, then choose again."))
    record_event(firm=firm, actor=actor, action="plan_changed", detail={"old": firm.plan, "new": plan})
