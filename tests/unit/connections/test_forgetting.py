"""What forgetting drops, and how it is confirmed."""

import pytest
from django.apps import apps

from accounts.firm_scope import TenantModel
from accounts.models import Firm
from syncengine.connections.errors import DisconnectRefused
from syncengine.connections.forgetting import FORGOTTEN, KEPT, refuse_forgetting_unless_confirmed

FIRM = Firm(pk=1, name="Hale & Partners")


def test_every_table_of_a_firm_is_either_forgotten_or_kept() -> None:
    tables = {model for model in apps.get_app_config("syncengine").get_models() if issubclass(model, TenantModel)}
    assert set(FORGOTTEN) | set(KEPT) == tables
    assert not set(FORGOTTEN) & set(KEPT)


@pytest.mark.parametrize("typed", ["Hale & Partners", " hale  & PARTNERS "])
def test_the_name_confirms_whatever_its_spaces_and_case(typed: str) -> None:
    refuse_forgetting_unless_confirmed(firm=FIRM, typed_name=typed)


@pytest.mark.parametrize("typed", ["", "Hale", "Hale and Partners", "yes"])
def test_anything_else_does_not_confirm(typed: str) -> None:
    with pytest.raises(DisconnectRefused) as refused:
        refuse_forgetting_unless_confirmed(firm=FIRM, typed_name=typed)
    assert refused.value.field == "firm_name"
    assert "Hale & Partners" in str(refused.value)
