"""All control actions by name (POST /control/actions {"action": name, "tenant": which organisation, …})."""

from sandbox.xero.actions_contacts import CONTACT_ACTIONS
from sandbox.xero.actions_documents import DOCUMENT_ACTIONS
from sandbox.xero.actions_money import MONEY_ACTIONS
from sandbox.xero.actions_settings import OUTSIDE_THE_LOCK, SETTINGS_ACTIONS
from sandbox.xero.desk import Action

__all__ = ["ACTIONS", "OUTSIDE_THE_LOCK"]

ACTIONS: dict[str, Action] = {**SETTINGS_ACTIONS, **CONTACT_ACTIONS, **DOCUMENT_ACTIONS, **MONEY_ACTIONS}
