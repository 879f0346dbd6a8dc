"""What every page needs to know of a firm, read in four queries however many links it has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Q, Subquery

from accounts.models import Firm
from syncengine.models import Connection, FirmSync, Link, Preview, Run, Service, SyncError, SyncSettings

_RUNS = 10


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """One side's connection. `state` is "connected", "disconnected", "broken" or "none"."""

    service: str
    service_name: str
    state: str
    name: str = ""
    region: str = ""
    problem: str = ""
    connected_at: datetime | None = None
    last_good_call_at: datetime | None = None
    remote_created_at: datetime | None = None

    @property
    def is_good(self) -> bool:
        """Whether calls go through, as far as is known."""
        return self.state == Connection.State.CONNECTED

    @property
    def is_broken(self) -> bool:
        """Whether somebody has to reconnect."""
        return self.state == Connection.State.BROKEN


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a firm stands, as plain values; the times are UTC. `bills` counts bills by the state of their link."""

    firm: Firm
    clio: ConnectionView
    xero: ConnectionView
    is_saved: bool
    export_bills: bool
    due_at: datetime | None
    is_asked: bool
    first_sync_done_at: datetime | None
    open_errors: int
    ignored_errors: int
    bills: dict[str, int] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    #: Whether the accounts and the rate are chosen without which no bill can be sent.
    has_accounts: bool = False
    #: Of the preview of the first sync: its state; empty where none was asked for.
    preview_state: str = ""
    #: When both sides were last compared whole, and how many records differed.
    compared_at: datetime | None = None
    different: int = 0

    @property
    def is_connected(self) -> bool:
        """Whether both sides answer."""
        return self.clio.is_good and self.xero.is_good

    @property
    def has_started(self) -> bool:
        """Whether the first sync was started, or is long over."""
        return self.export_bills or self.first_sync_done_at is not None or self.open_run is not None

    @property
    def all_bills(self) -> int:
        """Bills that were read from Clio and planned."""
        return sum(self.bills.values())

    @property
    def open_run(self) -> Run | None:
        """The run under way, waiting ones included."""
        return next((run for run in self.runs if run.ended_at is None), None)

    @property
    def last_run(self) -> Run | None:
        """The last run that ended."""
        return next((run for run in self.runs if run.ended_at is not None), None)


def read_facts(firm: Firm) -> Facts:
    """Read the current firm's facts. Must be called inside its scope."""
    of_firm = _scalars(firm)
    connections = {row.service: _connection(row) for row in Connection.objects.all()}
    bills = Link.objects.filter(kind=Link.Kind.INVOICE).order_by().values_list("state").annotate(Count("pk"))
    return Facts(
        firm=firm,
        clio=connections.get(Service.CLIO) or ConnectionView(Service.CLIO, Service.CLIO.label, "none"),
        xero=connections.get(Service.XERO) or ConnectionView(Service.XERO, Service.XERO.label, "none"),
        is_saved=of_firm["saved_at"] is not None,
        export_bills=bool(of_firm["export_bills"]),
        due_at=of_firm["due_at"],
        is_asked=bool(of_firm["asked"]),
        first_sync_done_at=of_firm["first_sync_done_at"],
        open_errors=of_firm["open_errors"] or 0,
        ignored_errors=of_firm["ignored_errors"] or 0,
        bills=dict(bills),
        runs=tuple(Run.objects.order_by("-started_at", "-pk")[:_RUNS]),
        has_accounts=bool(of_firm["has_accounts"]),
        preview_state=of_firm["preview_state"] or "",
        compared_at=datetime.fromisoformat(of_firm["compared_at"]) if of_firm["compared_at"] else None,
        different=of_firm["different"] or 0,
    )


def _scalars(firm: Firm) -> Mapping[str, Any]:
    """Single values from several tables, in one query."""
    settings, sync = SyncSettings.objects.order_by(), FirmSync.objects.order_by()
    errors = SyncError.objects.order_by().values("firm")
    chosen = settings.exclude(time_entries_account="").exclude(expenses_account="").exclude(tax_none="")
    opened, ignored = Q(state=SyncError.State.OPEN), Q(state=SyncError.State.IGNORED)
    return Firm.objects.values(
        saved_at=Subquery(settings.values("saved_at")[:1]),
        export_bills=Subquery(settings.values("export_bills")[:1]),
        has_accounts=Exists(chosen),
        preview_state=Subquery(Preview.objects.order_by().values("state")[:1]),
        due_at=Subquery(sync.values("due_at")[:1]),
        asked=Subquery(sync.values("asked")[:1]),
        first_sync_done_at=Subquery(sync.values("first_sync_done_at")[:1]),
        compared_at=Subquery(sync.values("tie_out__at")[:1]),
        different=Subquery(sync.values("tie_out__different")[:1]),
        open_errors=Subquery(errors.filter(opened).annotate(n=Count("pk")).values("n")),
        ignored_errors=Subquery(errors.filter(ignored).annotate(n=Count("pk")).values("n")),
    ).get(pk=firm.pk)


def _connection(row: Connection) -> ConnectionView:
    return ConnectionView(
        service=row.service,
        service_name=Service(row.service).label,
        state=row.state,
        name=row.name,
        region=row.region,
        problem=row.problem,
        connected_at=row.connected_at,
        last_good_call_at=row.last_good_call_at,
        remote_created_at=row.remote_created_at,
    )
