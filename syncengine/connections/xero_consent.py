"""Connecting Xero: out to its consent page, back with a code, and the choice between organisations (X §9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm, User
from syncengine.connections.applications import xero_application
from syncengine.connections.binding import (
    Account,
    bind,
    bound,
    in_use_message,
    refuse_other,
    serves_another_firm,
)
from syncengine.connections.choice import offer
from syncengine.connections.errors import AccountRefused, ConsentFailed
from syncengine.connections.grants import Consent
from syncengine.connections.state import new_state
from syncengine.connections.transactions import refuse_in_transaction
from syncengine.models import Connection, Service
from syncengine.transport.errors import TransportError
from syncengine.transport.oauth import InvalidGrant, TokenSet
from syncengine.xero.oauth import XeroConnection, XeroOAuth, claims
