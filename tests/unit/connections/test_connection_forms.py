"""What the Connections page posts."""

import pytest

from syncengine.views.connection_forms import ConnectClioForm, DisconnectForm


@pytest.mark.parametrize("value", ["1", "on", "true", "yes", "forget", " YES "])
def test_forgetting_is_chosen(value: str) -> None:
    form = DisconnectForm({"forget": value, "firm_name": "Hale"})
    assert form.is_valid()
    assert form.cleaned_data == {"forget": True, "firm_name": "Hale"}


@pytest.mark.parametrize("posted", [{}, {"forget": ""}, {"forget": "0"}, {"forget": "false"}, {"forget": "keep"}])
def test_links_are_kept_unless_forgetting_is_chosen(posted: dict[str, str]) -> None:
    form = DisconnectForm(posted)
    assert form.is_valid()
    assert form.cleaned_data["forget"] is False


def test_an_answer_that_is_neither_is_refused() -> None:
    assert not DisconnectForm({"forget": "perhaps"}).is_valid()


def test_a_region_is_read_whatever_its_case() -> None:
    form = ConnectClioForm({"region": " EU "})
    assert form.is_valid()
    assert form.cleaned_data["region"] == "eu"


def test_an_unknown_region_is_refused_and_the_known_ones_are_named() -> None:
    form = ConnectClioForm({"region": "mars"})
    assert not form.is_valid()
    assert form.errors["region"] == ["Choose the region your Clio account lives in: US, CA, EU, AU."]
