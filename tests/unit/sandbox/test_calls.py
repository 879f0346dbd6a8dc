"""The call log counts by path, with the ids taken out."""

from datetime import UTC, datetime

import pytest

from sandbox.calls import Call, CallLog

_UUID = "0f9c2a44-1b7d-4e0a-9c55-8a1f2b3c4d5e"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api.xro/2.0/Invoices", "/api.xro/2.0/Invoices"),
        (f"/api.xro/2.0/Contacts/{_UUID}", "/api.xro/2.0/Contacts/:id"),
        (
            f"/api.xro/2.0/CreditNotes/{_UUID}/Allocations/{_UUID}",
            "/api.xro/2.0/CreditNotes/:id/Allocations/:id",
        ),
        (f"/connections/{_UUID}", "/connections/:id"),
        ("/api/v4/bills/9001.json", "/api/v4/bills/:id.json"),
        ("/api/v4/bills/9001/preview.json", "/api/v4/bills/:id/preview.json"),
        ("/api/v4/contacts/501", "/api/v4/contacts/:id"),
        ("/api/v4/contacts.json", "/api/v4/contacts.json"),
    ],
)
def test_ids_are_taken_out_of_paths_and_versions_stay(path: str, name: str) -> None:
    log = CallLog()
    log.record(Call(datetime(2026, 11, 2, tzinfo=UTC), "GET", path, "", 200))
    assert log.summary()["by_path"] == {f"GET {name}": 1}
    assert log.count("get", name) == 1
