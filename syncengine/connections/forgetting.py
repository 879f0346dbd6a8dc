"""“Disconnect and forget links”: everything that ties the firm's records to Xero's documents goes; the history stays.

Documents that stand in Xero are found again by their natural keys when the firm reconnects, and linked, not sent twice.
"""

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.firm_scope import TenantModel
from accounts.models import Firm
from syncengine.connections.errors import DisconnectRefused
from syncengine.models import (
    AllocationSnapshot,
    CategoryAccount,
    Connection,
    Cursor,
    FirmSync,
    LineSnapshot,
    Link,
    OrganisationChoice,
    Preview,
    RecordEvent,
    ReferenceList,
    Review,
    Run,
    Snapshot,
    Submission,
    SyncError,
    SyncSettings,
    XeroContact,
    XeroPayment,
)

#: What goes, those that point to others first.
FORGOTTEN: tuple[type[TenantModel], ...] = (
    SyncError,
    Link,
    RecordEvent,
    Review,
    Preview,
    LineSnapshot,
    AllocationSnapshot,
    Snapshot,
    XeroContact,
    XeroPayment,
    Cursor,
    ReferenceList,
)
#: What stays, or is dealt with by name below and in `disconnecting`.
KEPT: tuple[type[TenantModel], ...] = (
    CategoryAccount,
    Connection,
    FirmSync,
    OrganisationChoice,
    Run,
    Submission,
    SyncSettings,
)
_OPEN = (Submission.State.SENDING, Submission.State.UNCLEAR)


def refuse_forgetting_unless_confirmed(*, firm: Firm, typed_name: str) -> None:
    """Raise DisconnectRefused unless the firm's name was typed; spaces and case are forgiven."""
    if _folded(typed_name) != _folded(firm.name):
        raise DisconnectRefused(
            _("Type the firm's name, %(firm)s, to forget its links. Nothing was changed.") % {"firm": firm.name},
            field="firm_name",
        )


def forget_links(*, now: datetime) -> None:
    """Forget the current firm's links, inside the caller's transaction.

    Raises:
        DisconnectRefused: a run is at work on the firm, or it is not clear yet what became of something that was sent.
    """
    _take_from_workers(now)
    if Submission.objects.filter(state__in=_OPEN).exists():
        raise DisconnectRefused(
            _(
                "Something was sent to Xero and its answer is still missing. Forgetting the links now could send it "
                "twice. The sync settles it within about ten minutes while both sides are connected: try again then."
            )
        )
    for model in FORGOTTEN:
        rows = model.objects.all()
        rows._raw_delete(rows.db)  # one statement a table, however many rows
    Run.objects.filter(ended_at=None).update(
        ended_at=now, state=Run.State.FAILED, message=_("Disconnected, and the links were forgotten.")
    )


def _take_from_workers(now: datetime) -> None:
    """Raise the lease's generation while nobody holds it; its row stays locked until the transaction ends."""
    schedule = FirmSync.objects.all()
    if not schedule.exists():
        return
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    taken = schedule.filter(free).update(
        lease_owner="",
        lease_until=None,
        lease_generation=F("lease_generation") + 1,
        first_sync_done_at=None,
        full_done_at=None,
        full_begun_at=None,
        tie_out=None,
        scope_digest="",
        money_digest="",
        asked=False,
    )
    if not taken:
        raise DisconnectRefused(_("The sync is working on this firm at this moment. Try again in a minute."))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
