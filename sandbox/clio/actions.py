"""All control actions by name (POST /control/actions {"action": name, …})."""

from sandbox.clio.actions_bills import BILL_ACTIONS
from sandbox.clio.actions_firm import FIRM_ACTIONS
from sandbox.clio.actions_money import MONEY_ACTIONS
from sandbox.clio.desk import Action, Desk

__all__ = ["ACTIONS", "Desk"]

ACTIONS: dict[str, Action] = {**BILL_ACTIONS, **MONEY_ACTIONS, **FIRM_ACTIONS}
