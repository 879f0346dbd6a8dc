"""Rows. Every one but Grant belongs to a firm and is reached inside `firm_scope` only."""

from syncengine.models.connection import Connection, Grant, OrganisationChoice, Service
from syncengine.models.encrypted import UndecipherableValueError
from syncengine.models.link import Link
from syncengine.models.run import FirmSync, Run, Submission
from syncengine.models.settings import CategoryAccount, ReferenceList, SyncSettings
from syncengine.models.snapshot import Cursor, LineSnapshot, Snapshot, XeroContact
from syncengine.models.sync_error import SyncError

__all__ = [
    "CategoryAccount",
    "Connection",
    "Cursor",
    "FirmSync",
    "Grant",
    "LineSnapshot",
    "Link",
    "OrganisationChoice",
    "ReferenceList",
    "Run",
    "Service",
    "Snapshot",
    "Submission",
    "SyncError",
    "SyncSettings",
    "UndecipherableValueError",
    "XeroContact",
]
