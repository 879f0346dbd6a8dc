"""Three-way merge of a linked contact, field by field (BEHAVIOUR §4, Afterwards both ways).

Each side is compared with what was last seen on that side, in that side's own form, so that neither our own write nor
the other application's way of writing a value looks like an edit. Both forms are flat, under paths in Xero's names:
"EmailAddress", "Phones.DEFAULT", "Addresses.POBOX.City". Lines of a street are one value.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from syncengine.domain.documents import StandingContact
from syncengine.domain.mapping.contact_forms import (
    ADDRESS_TYPES,
    PHONE_TYPES,
    STREET_LINES,
    contact_fields,
    plain_name,
    street_lines,
    without_id,
    xero_name,
)
from syncengine.domain.records import ContactRecord

Flat = Mapping[str, str]

_PARTS: Final = ("City", "Region", "PostalCode", "Country")
_PHONE_PARTS: Final = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")

#: What goes back to Clio, and under which name there. Everything else goes to Xero only.
CLIO_NAMES: Final[Mapping[str, str]] = {
    "EmailAddress": "email",
    "Phones.DEFAULT": "phone",
    "Addresses.POBOX.Street": "address.street",
    "Addresses.POBOX.City": "address.city",
    "Addresses.POBOX.Region": "address.province",
    "Addresses.POBOX.PostalCode": "address.postal_code",
    "Addresses.POBOX.Country": "address.country",
}
_OF_PERSON: Final[Mapping[str, str]] = {"FirstName": "first_name", "LastName": "last_name"}
_OF_COMPANY: Final[Mapping[str, str]] = {"Name": "name"}
_TO_XERO_ONLY: Final = (
    *(f"Phones.{kind}" for kind in PHONE_TYPES[1:]),
    *(f"Addresses.STREET.{part}" for part in ("Street", *_PARTS)),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with both sides' values, for the history and the page."""

    field: str
    clio: str
    xero: str


@dataclass(frozen=True, slots=True)
class Merge:
    """What merging settled: values to write to Xero and to Clio, by each side's field names.

    `conflicts` are fields that both sides changed: Clio's value was taken. `shown` are fields changed in Xero alone
    that never go to Clio: they stand in Xero until Clio's value changes.
    What Xero changed and Clio has not taken, by paths: `pending` goes to Clio; `kept` does not, because it is only
    shown, or because Clio hides the field. The base holds on to them (`base_of`), so that they stay changes.
    """

    to_xero: Flat = field(default_factory=dict)
    to_clio: Flat = field(default_factory=dict)
    conflicts: tuple[Difference, ...] = ()
    shown: tuple[Difference, ...] = ()
    pending: tuple[str, ...] = field(default=(), compare=False)
    kept: tuple[str, ...] = field(default=(), compare=False)


def clio_form(record: ContactRecord) -> dict[str, str]:
    """Give Clio's values of a contact, flat, as they would stand in Xero; the name without an ID."""
    return flatten({**contact_fields(record), "Name": plain_name(record.name)})


def xero_form(standing: StandingContact) -> dict[str, str]:
    """Give Xero's values of a contact, flat."""
    return flatten({"EmailAddress": standing.email, **standing.fields, "Name": standing.name})


def base_of(
    *,
    record: ContactRecord,
    standing: StandingContact,
    earlier: Mapping[str, Mapping[str, Any]] | None = None,
    held: Collection[str] = (),
) -> dict[str, dict[str, str]]:
    """Give both sides' values as last seen, {"clio": …, "xero": …}: what a link keeps as the base of the next merge.

    `standing` is what Xero answered to the last write, if there was one. A value that is missing now, or hidden, leaves
    the earlier one in the base, so that its return is no change. Paths that are `held` keep Xero's earlier value: a
    change that Clio has not taken yet must look like one next time too.
    """
    now = {"clio": clio_form(record), "xero": xero_form(standing)}
    if not earlier:
        return now
    now["xero"] = {path: text for path, text in now["xero"].items() if path not in held}
    return {side: {**flatten(earlier.get(side, {})), **values} for side, values in now.items()}


def merge_contact(
    *,
    record: ContactRecord,
    standing: StandingContact,
    base: Mapping[str, Mapping[str, Any]] | None,
    append: bool = False,
) -> Merge:
    """Merge a linked contact with what stands in Xero.

    Without a `base` the two meet for the first time: only what is empty in Xero is filled, an address only if all of
    it is empty. `append` says that an ID is to be appended to the name when that changes; a name that carries its
    ID keeps it either way. A missing or hidden value is never written over a present one, and a contact whose name the
    login may not see changes nothing.
    """
    if not record.name.strip():
        return Merge()
    clio, xero = clio_form(record), xero_form(standing)
    if not base:
        return Merge(to_xero=dict(_fill(clio, xero)))
    both_ways = {**CLIO_NAMES, **(_OF_COMPANY if record.type == "Company" else _OF_PERSON)}
    paths = ["Name", *both_ways, *_TO_XERO_ONLY]
    base_clio, base_xero = flatten(base.get("clio", {})), flatten(base.get("xero", {}))
    merging = _Merging(record=record, append=append, both_ways=both_ways)
    for path in dict.fromkeys(paths):
        merging.field(
            path, (base_clio.get(path, ""), clio.get(path, "")), (base_xero.get(path, ""), xero.get(path, ""))
        )
    return Merge(
        merging.to_xero,
        merging.to_clio,
        tuple(merging.conflicts),
        tuple(merging.shown),
        tuple(merging.pending),
        tuple(merging.kept),
    )


def flatten(fields: Mapping[str, Any]) -> dict[str, str]:
    """Give fields in Xero's nesting as flat paths; empty values are left out. What is flat already stays as it is."""
    flat = {name: value.strip() for name, value in fields.items() if isinstance(value, str)}
    for phone in fields.get("Phones", ()):
        parts = (str(phone.get(part) or "").strip() for part in _PHONE_PARTS)
        flat[f"Phones.{phone.get('PhoneType')}"] = " ".join(part for part in parts if part)
    for address in fields.get("Addresses", ()):
        kind = f"Addresses.{address.get('AddressType')}"
        lines = (str(address.get(line) or "").strip() for line in STREET_LINES)
        flat[f"{kind}.Street"] = "\n".join(line for line in lines if line)
        flat |= {f"{kind}.{part}": str(address.get(part) or "").strip() for part in _PARTS}
    return {path: value for path, value in flat.items() if value}


def nest(*, changes: Flat, standing: Mapping[str, Any]) -> dict[str, Any]:
    """Give changes under flat paths in Xero's nesting, as an update sends them; `standing` is nested as Xero gave it.

    A phone or address that is touched is sent whole, and parts of the old value that the new one has not are blanked:
    otherwise an old area code, or the last line of an old street, would stand beside the new value.
    """
    nested: dict[str, Any] = {path: value for path, value in changes.items() if "." not in path}
    old_phones = {phone.get("PhoneType"): phone for phone in standing.get("Phones", ())}
    phones = [
        _phone(kind, changes[f"Phones.{kind}"], old_phones.get(kind, {}))
        for kind in PHONE_TYPES
        if f"Phones.{kind}" in changes
    ]
    old_addresses = {address.get("AddressType"): address for address in standing.get("Addresses", ())}
    addresses = [
        _address(kind, changes, old_addresses.get(kind, {}))
        for kind in ADDRESS_TYPES
        if any(path.startswith(f"Addresses.{kind}.") for path in changes)
    ]
    return nested | ({"Phones": phones} if phones else {}) | ({"Addresses": addresses} if addresses else {})


class _Merging:
    """Collects what merging one contact settles."""

    def __init__(self, *, record: ContactRecord, append: bool, both_ways: Mapping[str, str]) -> None:
        self.record, self.append, self.both_ways = record, append, both_ways
        self.to_xero: dict[str, str] = {}
        self.to_clio: dict[str, str] = {}
        self.conflicts: list[Difference] = []
        self.shown: list[Difference] = []
        self.pending: list[str] = []
        self.kept: list[str] = []

    def field(self, path: str, clio: tuple[str, str], xero: tuple[str, str]) -> None:
        """Settle one field from (base, now) of both sides."""
        (clio_base, clio_now), (xero_base, xero_now) = clio, xero
        clio_changed = bool(clio_now) and clio_now != clio_base
        xero_changed = bool(xero_now) and xero_now != xero_base
        wanted, offered = self._to_xero(path, clio_now, xero_now), self._to_clio(path, xero_now)
        if wanted == xero_now or offered == clio_now:
            return
        if clio_changed:
            self.to_xero[path] = wanted
            if xero_changed:
                self.conflicts.append(Difference(path, clio_now, xero_now))
        elif xero_changed and path not in self.both_ways:
            self.shown.append(Difference(path, clio_now, xero_now))
            self.kept.append(path)
        elif xero_changed and (clio_now or not clio_base):
            self.to_clio[self.both_ways[path]] = offered
            self.pending.append(path)
        elif xero_changed:
            # Empty in Clio though it was not: cleared, or hidden from this login. Nobody can tell, so it stays.
            self.kept.append(path)

    def _to_xero(self, path: str, value: str, standing: str) -> str:
        if path != "Name":
            return value
        carries_id = without_id(name=standing, clio_id=self.record.id) != standing
        return xero_name(record=self.record, append=self.append or carries_id)

    def _to_clio(self, path: str, value: str) -> str:
        return without_id(name=value, clio_id=self.record.id) if path == "Name" else value


def _fill(clio: Flat, xero: Flat) -> Iterator[tuple[str, str]]:
    """Yield what Clio has and Xero has not, at a first meeting."""
    for path, value in clio.items():
        unit = path.rpartition(".")[0] if path.startswith("Addresses.") else path
        if not any(taken == unit or taken.startswith(f"{unit}.") for taken in xero):
            yield path, value


def _phone(kind: str, number: str, old: Mapping[str, Any]) -> dict[str, str]:
    blanked = {part: "" for part in _PHONE_PARTS[:2] if old.get(part)}
    return {"PhoneType": kind, "PhoneNumber": number, **blanked}


def _address(kind: str, changes: Flat, old: Mapping[str, Any]) -> dict[str, str]:
    prefix = f"Addresses.{kind}."
    values = {**flatten({"Addresses": [{**old, "AddressType": kind}]}), **changes}
    lines = street_lines(values.get(f"{prefix}Street", ""))
    blanked = {line: "" for line in STREET_LINES[len(lines) :] if old.get(line)}
    parts = {part: values[f"{prefix}{part}"] for part in _PARTS if values.get(f"{prefix}{part}")}
    return {"AddressType": kind, **dict(zip(STREET_LINES, lines, strict=False)), **blanked, **parts}
