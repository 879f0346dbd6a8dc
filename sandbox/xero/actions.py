"""All control actions by name (POST /control/actions {"action": name, "tenant": which organisation, …})."""

from sandbox.xero.actions_contacts import CONTACT_ACTIONS
from sandbox.xero.actions_documents import DOCUMENT_ACTIONS
from sandbox.xero.actions_settings import SETTINGS_ACTIONS
from sandbox.xero.desk import Action

ACTIONS: dict[str, Action] = {**SETTINGS_ACTIONS, **CONTACT_ACTIONS, **DOCUMENT_ACTIONS}
