"""Clio's own tax rates, as its billing settings tell them."""

from typing import Any

import pytest

from syncengine.engine.reference import clio_tax
from syncengine.pages.reference import clio_tax_from
from syncengine.pages.setting_words import tax_label

HST: dict[str, Any] = {"tax_name": "HST", "tax_rate": 13.0, "secondary_tax_name": None, "secondary_tax_rate": 0}


@pytest.mark.parametrize("rate", [13, 13.0, 0.13, "13.0"])
def test_a_rate_is_per_cent_whichever_form_clio_gives_it_in(rate: Any) -> None:
    assert clio_tax({**HST, "tax_rate": rate})["primary"] == "13"


def test_a_tax_is_named_as_clio_names_it() -> None:
    told = clio_tax({**HST, "secondary_tax_name": "PST", "secondary_tax_rate": 7})
    known = clio_tax_from(told)
    assert tax_label("tax_primary", known) == "Primary tax (HST, 13%)"
    assert tax_label("tax_secondary", known) == "Secondary tax (PST, 7%)"
    assert tax_label("tax_both", known) == "Primary and secondary tax (20%)"


def test_what_clio_does_not_tell_stays_away() -> None:
    assert clio_tax({}) == {"names": {}}
    assert tax_label("tax_primary", clio_tax_from(clio_tax({"tax_rate": 5}))) == "Primary tax (5%)"
