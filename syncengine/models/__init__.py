"""Rows. Every one but Grant belongs to a firm and is reached inside `firm_scope` only."""

from syncengine.models.connection import Connection, Grant, OrganisationChoice, Service
from syncengine.models.encrypted import UndecipherableValueError
from syncengine.models.link import MONEY_KINDS, Link
from syncengine.models.preview import Preview
from syncengine.models.record_event import RecordEvent
from syncengine.models.review import Review
from syncengine.models.run import FirmSync, Run, Submission
from syncengine.models.settings import CategoryAccount, ReferenceList, SyncSettings
from syncengine.models.snapshot import (
    AllocationSnapshot,
    Cursor,
    LineSnapshot,
    Snapshot,
    XeroContact,
    XeroPayment,
)
from syncengine.models.sync_error import SyncError

__all__ = [
    "MONEY_KINDS",
    "AllocationSnapshot",
    "CategoryAccount",
    "Connection",
    "Cursor",
    "FirmSync",
    "Grant",
    "LineSnapshot",
    "Link",
    "OrganisationChoice",
    "Preview",
    "RecordEvent",
    "ReferenceList",
    "Review",
    "Run",
    "Service",
    "Snapshot",
    "Submission",
    "SyncError",
    "SyncSettings",
    "UndecipherableValueError",
    "XeroContact",
    "XeroPayment",
]
