"""What the Connections page posts."""

from typing import Final

from django import forms
from django.utils.translation import gettext as _

from syncengine.connections import clio_regions

_YES: Final = frozenset({"1", "on", "true", "yes", "forget"})
_NO: Final = frozenset({"", "0", "off", "false", "no", "keep"})


class ConnectClioForm(forms.Form):
    """Where the firm's Clio account lives."""

    region = forms.CharField(max_length=4)

    def clean_region(self) -> str:
        """One of the regions that this installation serves."""
        region: str = self.cleaned_data["region"].strip().lower()
        if region not in clio_regions():
            raise forms.ValidationError(
                _("Choose the region your Clio account lives in: %(regions)s.")
                % {"regions": ", ".join(region.upper() for region in clio_regions()) or _("none is set up yet")}
            )
        return region


class DisconnectForm(forms.Form):
    """How to disconnect: keep the links, or forget them with the firm's name typed."""

    forget = forms.CharField(required=False, max_length=10)
    firm_name = forms.CharField(required=False, max_length=250)

    def clean_forget(self) -> bool:
        """Read a yes or a no; anything else is neither, since the difference is great."""
        value = self.cleaned_data["forget"].strip().lower()
        if value not in _YES | _NO:
            raise forms.ValidationError(_("Choose whether the links are kept or forgotten. Nothing was changed."))
        return value in _YES
