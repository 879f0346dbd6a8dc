"""Changing a contact in Clio over a mocked wire (C 2.21, 9.4)."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from openapi_schema_validator import OAS30Validator

from syncengine.clio import ClioClient, Stale
from syncengine.clio.fields import FIELDS
from syncengine.clio.serialise import edit_body
from syncengine.transport.errors import NoAnswer, Refused, ServerTrouble, UnreadableAnswer
from tests.support.fake_transport import open_session

HOST = "https://ca.app.clio.com"
URL = f"{HOST}/api/v4/contacts/501.json"
EDIT = {"name": "Harbour Bakery Inc", "phone_numbers": [{"id": 5, "name": "Work", "number": "555-0199"}]}


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def change(**changes: Any) -> dict[str, Any] | None:
    return ClioClient(open_session(HOST)).change_contact(501, **{"edit": EDIT, "etag": '"c1"', **changes})


def error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message}}


def test_a_change_names_the_version_that_was_read_and_gives_what_stands_afterwards(
    http: responses.RequestsMock,
) -> None:
    http.patch(URL, json={"data": {"id": 501, "etag": '"c2"', "name": "Harbour Bakery Inc"}})
    assert change() == {"id": 501, "etag": '"c2"', "name": "Harbour Bakery Inc"}
    sent = http.calls[0].request
    assert sent.headers["If-Match"] == '"c1"'
    assert sent.headers["X-API-VERSION"] == "4.0.13"
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.body or "") == {"data": EDIT}
    # The answer is read as a list is, so that it is the next snapshot.
    assert parse_qs(urlsplit(str(sent.url)).query) == {"fields": [FIELDS["contacts"]]}


def test_a_change_of_what_moved_meanwhile_is_told_apart(http: responses.RequestsMock) -> None:
    http.patch(URL, status=412, json=error("PreconditionFailed", "x"))
    with pytest.raises(Stale):
        change()


def test_a_contact_that_is_not_there_is_none(http: responses.RequestsMock) -> None:
    http.patch(URL, status=404, json=error("RecordNotFound", "x"))
    assert change() is None


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_keeps_clios_words(http: responses.RequestsMock, status: int) -> None:
    http.patch(URL, status=status, json=error("UnprocessableEntity", "Email address is invalid"))
    with pytest.raises(Refused) as caught:
        change()
    assert (caught.value.status, caught.value.detail) == (status, "Email address is invalid")
    assert "Email" not in str(caught.value)


def test_a_login_that_may_not_change_contacts_is_no_lost_connection(http: responses.RequestsMock) -> None:
    http.patch(URL, status=403, json=error("ForbiddenError", "User is forbidden from taking that action"))
    with pytest.raises(Refused) as caught:
        change()
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ({"status": 502, "body": "bad gateway"}, ServerTrouble),
        ({"status": 200, "body": "no JSON"}, UnreadableAnswer),
        ({"body": requests.exceptions.ConnectionError("gone")}, NoAnswer),
    ],
)
def test_a_lost_answer_is_not_sent_again_here(
    http: responses.RequestsMock, answer: dict[str, Any], raised: type[Exception]
) -> None:
    http.patch(URL, **answer)
    with pytest.raises(raised):
        change()
    assert len(http.calls) == 1


def test_the_same_change_is_the_same_bytes() -> None:
    turned = dict(reversed(list(EDIT.items())))
    assert edit_body(turned) == edit_body(EDIT)
    assert edit_body({"name": "Café"}) == '{"data":{"name":"Café"}}'.encode()
    assert edit_body({"name": "a\ud800b"}) == '{"data":{"name":"a\ufffdb"}}'.encode()


@pytest.mark.parametrize("value", [Decimal("1.10"), 1.1, None, b"x"])
def test_an_amount_is_never_sent_to_clio(value: Any) -> None:
    with pytest.raises(TypeError):
        edit_body({"addresses": [{"city": value}]})


def test_every_form_of_a_change_fits_clios_description(shared_dir: Any) -> None:
    if shared_dir is None:
        pytest.skip("Clio's description is not at hand (SHARED_DIR)")
    document = json.loads((shared_dir / "specs" / "clio_openapi.json").read_text())
    content = document["paths"]["/contacts/{id}.json"]["patch"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    whole = {
        **EDIT,
        "first_name": "Ana",
        "last_name": "Reyes",
        "email_addresses": [{"id": 3, "name": "Work", "address": "a@x.example"}, {"id": 4, "default_email": True}],
        "phone_numbers": [{"name": "Work", "number": "555-0199", "default_number": True}],
        "addresses": [{"id": 7, "name": "Billing", "street": "1 Quay", "city": "Halifax", "province": "NS"}],
    }
    OAS30Validator(schema).validate(json.loads(edit_body(whole)))
