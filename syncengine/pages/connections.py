"""The Connections page: Clio left, Xero right, what is wrong, and the one button that mends it (BEHAVIOUR §2)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Firm, Region
from syncengine.connections import Organisation, clio_regions, offered_organisations
from syncengine.models import Connection, Service, Submission
from syncengine.pages.facts import ConnectionView, Facts, read_facts
from syncengine.pages.status import connection_words

_State = Connection.State
_TONES = {_State.CONNECTED.value: "good", _State.BROKEN.value: "refused", _State.DISCONNECTED.value: "quiet"}
_ANSWER_MISSING = (Submission.State.SENDING, Submission.State.UNCLEAR)


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """A Clio region to choose; `chosen` is the one that is preselected."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `action` is "connect", "reconnect" or "choose", or empty where nothing has to be done."""

    view: ConnectionView
    words: str
    tone: str
    account_word: str
    region_name: str
    action: str
    action_words: str
    is_bound: bool
    is_disconnected: bool


@dataclass(frozen=True, slots=True)
class ConnectionsPage:
    """Both sides. `agreement` is how the rule between them is drawn; `answer_missing`: forgetting has to wait."""

    firm_name: str
    clio: Side
    xero: Side
    agreement: str
    regions: tuple[RegionChoice, ...]
    answer_missing: bool
    open_errors: int

    @property
    def sides(self) -> tuple[Side, Side]:
        """Clio, then Xero."""
        return self.clio, self.xero


def build_connections(*, firm: Firm, now: datetime, facts: Facts | None = None) -> ConnectionsPage:
    """Build the current firm's page: six queries, two where the facts are known already."""
    facts = facts or read_facts(firm)
    offered = offered_organisations(firm=firm, now=now)
    clio, xero = _side(facts.clio, ()), _side(facts.xero, offered)
    if facts.is_connected:
        agreement = "agree"
    else:
        agreement = "differ" if facts.clio.is_broken or facts.xero.is_broken else "on_the_way"
    return ConnectionsPage(
        firm_name=firm.name,
        clio=clio,
        xero=xero,
        agreement=agreement,
        regions=_regions(bound=facts.clio.region, wanted=firm.region),
        answer_missing=Submission.objects.filter(state__in=_ANSWER_MISSING).exists(),
        open_errors=facts.open_errors,
    )


def _side(view: ConnectionView, offered: list[Organisation] | tuple[()]) -> Side:
    action = ""
    if offered:
        action = "choose"
    elif not view.is_good:
        action = "connect" if view.state == "none" else "reconnect"
    words = {
        "": "",
        "connect": _("Connect %(service)s"),
        "reconnect": _("Reconnect %(service)s"),
        "choose": _("Choose the organisation"),
    }
    return Side(
        view=view,
        words=connection_words(view),
        tone=_TONES.get(view.state, "waiting"),
        account_word=_("Account") if view.service == Service.CLIO else _("Organisation"),
        region_name=str(Region(view.region).label) if view.region in Region.values else "",
        action=action,
        action_words=words[action] % {"service": view.service_name},
        is_bound=view.state != "none",
        is_disconnected=view.state == _State.DISCONNECTED,
    )


def _regions(*, bound: str, wanted: str) -> tuple[RegionChoice, ...]:
    """Every region that this installation serves; only its own for a firm that is bound to an account."""
    served = [region for region in clio_regions() if not bound or region == bound]
    chosen = bound or (wanted if wanted in served else next(iter(served), ""))
    return tuple(RegionChoice(value, str(Region(value).label), value == chosen) for value in served)
