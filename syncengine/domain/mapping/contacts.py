"""Contacts → Xero contacts (BEHAVIOUR §4)."""

from collections.abc import Mapping
from typing import Any

from syncengine.domain.contact_merge import merge_contact, nest
from syncengine.domain.documents import Blocked, ContactDocument, StandingContact
from syncengine.domain.mapping.contact_forms import contact_fields, contact_number, xero_name
from syncengine.domain.records import ContactRecord
from syncengine.domain.rules import Rules

__all__ = ["appends_id", "contact_fields", "contact_number", "map_contact", "xero_name"]


def map_contact(
    *,
    record: ContactRecord,
    rules: Rules,
    standing: StandingContact | None = None,
    base: Mapping[str, Mapping[str, Any]] | None = None,
) -> ContactDocument | Blocked:
    """Map a client (or a vendor) to the contact that should stand in Xero.

    Without `standing` it is to be created, whole. With it, the document holds what merging wrote to Xero and nothing
    else: no fields and the standing name mean that nothing is to be sent. `base` is the link's, {"clio": …, "xero": …}
    (contact_merge.base_of); without one the two meet for the first time. What goes back to Clio is
    `contact_merge.merge_contact`'s to say.
    """
    if standing is None:
        if not record.name.strip():
            return _hidden(record)
        return ContactDocument(
            contact_number=contact_number(record.id),
            name=xero_name(record=record, append=appends_id(record=record, rules=rules)),
            fields=contact_fields(record),
        )
    # IDs switched on later rename nobody that is linked already; one asked for this contact alone does.
    merge = merge_contact(record=record, standing=standing, base=base, append=record.id in rules.append_id_for)
    changes = dict(merge.to_xero)
    name = changes.pop("Name", standing.name)
    return ContactDocument(
        contact_number=standing.contact_number or contact_number(record.id),
        name=name,
        fields=nest(changes=changes, standing=standing.fields),
        contact_id=standing.contact_id,
    )


def appends_id(*, record: ContactRecord, rules: Rules) -> bool:
    """Whether a new contact's name carries its Clio ID: for all of the firm's, or as a remedy for this one."""
    return rules.append_ids or record.id in rules.append_id_for


def _hidden(record: ContactRecord) -> Blocked:
    return Blocked(
        code="contact_hidden",
        message="Clio does not show this contact's name to the connected login",
        remedy="In Clio, let the connected user see this contact, or connect as a user who does.",
        field="name",
        details={"contact": str(record.id)},
    )
