"""The fields of a contact by the names that people know, for its page and for histories (BEHAVIOUR §4, Fields)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_NAMES: Final[Mapping[str, object]] = {
    "Name": gettext_lazy("Name"),
    "FirstName": gettext_lazy("First name"),
    "LastName": gettext_lazy("Last name"),
    "EmailAddress": gettext_lazy("E-mail"),
    "Phones.DEFAULT": gettext_lazy("Phone"),
    "Phones.DDI": gettext_lazy("Work phone (DDI)"),
    "Phones.MOBILE": gettext_lazy("Mobile"),
    "Phones.FAX": gettext_lazy("Fax"),
}
_ADDRESSES: Final[Mapping[str, object]] = {
    "POBOX": gettext_lazy("Postal address"),
    "STREET": gettext_lazy("Street address"),
}
_PARTS: Final[Mapping[str, object]] = {
    "Street": gettext_lazy("street"),
    "City": gettext_lazy("city"),
    "Region": gettext_lazy("region"),
    "PostalCode": gettext_lazy("postal code"),
    "Country": gettext_lazy("country"),
}

#: The order in which they are shown.
PATHS: Final = (*_NAMES, *(f"Addresses.{kind}.{part}" for kind in _ADDRESSES for part in _PARTS))


def field_label(path: str) -> str:
    """What people call a field: "E-mail", "Postal address, city". A path that is not known is shown as it is."""
    if path in _NAMES:
        return str(_NAMES[path])
    _addresses, _dot, rest = path.partition("Addresses.")
    kind, _dot, part = rest.partition(".")
    if kind in _ADDRESSES and part in _PARTS:
        return _("%(address)s, %(part)s") % {"address": _ADDRESSES[kind], "part": _PARTS[part]}
    return path
