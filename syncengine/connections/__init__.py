"""Connections: OAuth with Clio and Xero, tokens, and opening a firm's accounts for calls (BEHAVIOUR §2)."""

from syncengine.connections.applications import clio_regions, clio_web_url
from syncengine.connections.choice import Organisation, choose_organisation, offered_organisations
from syncengine.connections.clio_consent import begin_clio, finish_clio
from syncengine.connections.disconnecting import Farewell, Told, disconnect
from syncengine.connections.errors import (
    AccountRefused,
    ConnectionsError,
    ConsentDeclined,
    ConsentError,
    ConsentFailed,
    DisconnectRefused,
    NetworkInTransaction,
    NotConnected,
    NothingToChoose,
    NotSetUp,
    StateRefused,
)
from syncengine.connections.health import note_disconnected, note_good_call
from syncengine.connections.opening import open_both, open_clio, open_xero
from syncengine.connections.state import redeem_state, remember_state
from syncengine.connections.xero_consent import begin_xero, finish_xero

__all__ = [
    "AccountRefused",
    "ConnectionsError",
    "ConsentDeclined",
    "ConsentError",
    "ConsentFailed",
    "DisconnectRefused",
    "Farewell",
    "NetworkInTransaction",
    "NotConnected",
    "NotSetUp",
    "NothingToChoose",
    "Organisation",
    "StateRefused",
    "Told",
    "begin_clio",
    "begin_xero",
    "choose_organisation",
    "clio_regions",
    "clio_web_url",
    "disconnect",
    "finish_clio",
    "finish_xero",
    "note_disconnected",
    "note_good_call",
    "offered_organisations",
    "open_both",
    "open_clio",
    "open_xero",
    "redeem_state",
    "remember_state",
]
