"""The `fields` parameter of the stand-in Clio."""

import pytest

from sandbox.clio.errors import ApiError
from sandbox.clio.fields import Asked, parse_fields


def test_names_stand_between_commas() -> None:
    assert parse_fields("id,number") == (Asked("id"), Asked("number"))


def test_braces_hold_the_fields_of_a_nested_record() -> None:
    assert parse_fields("id,client{id,name},state") == (
        Asked("id"),
        Asked("client", (Asked("id"), Asked("name"))),
        Asked("state"),
    )


def test_spaces_around_names_are_let_pass() -> None:
    assert parse_fields("id, client{ id }") == (Asked("id"), Asked("client", (Asked("id"),)))


def test_a_name_given_twice_counts_once() -> None:
    assert parse_fields("id,id") == (Asked("id"),)


@pytest.mark.parametrize(
    "text",
    ["a{b{c}}", "a{b", "a}", "a,,b", "{id}", "a{}", "a{b}c", "a{b},", "Client", "a.b", "id,"],
)
def test_a_broken_text_is_refused(text: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_fields(text)
    assert refused.value.status == 400
    assert refused.value.body["error"]["type"] == "InvalidFields"
