"""Who may do what in which firm: loaded and decided here, nowhere else (BEHAVIOUR.md §1).

A view says what it needs by its decorator and then has `request.access` and `request.firm`, inside that firm's scope:

    @staff_required
    def retry(request: FirmRequest, error_id: int) -> HttpResponse: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.firm_scope import firm_scope
from accounts.models import Firm, Membership, Role, User

SESSION_KEY = "firm_id"


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do in one firm, and the firms they may switch to (this one included, by name)."""

    user_id: int
    firm: Firm
    role: Role
    firms: tuple[Firm, ...] = ()

    @property
    def can_see(self) -> bool:
        """See and download everything of the firm: every role may."""
        return True

    @property
    def can_act(self) -> bool:
        """Retry, ignore, resync: admin and staff."""
        return self.role in (Role.ADMIN, Role.STAFF)

    @property
    def can_configure(self) -> bool:
        """Connect, configure, invite, disconnect: admin."""
        return self.role == Role.ADMIN

    @property
    def has_plan(self) -> bool:
        """Whether the firm's plan includes the integration."""
        return self.firm.has_integration


class FirmRequest(HttpRequest):
    """A request behind one of the decorators below: somebody is logged in and a firm is open."""

    user: User
    access: Access
    firm: Firm


def load_access(user: User | AnonymousUser, *, firm_id: int | None) -> Access | None:
    """What `user` may do in the firm with this id, or in the first they joined where they are not in that one.

    None for someone who is not logged in or belongs to no firm. One query.
    """
    if not isinstance(user, User) or not user.is_active:
        return None
    memberships = list(Membership.objects.filter(user=user).select_related("firm").order_by("pk"))
    if not memberships:
        return None
    chosen = next((one for one in memberships if one.firm_id == firm_id), memberships[0])
    firms = tuple(sorted((one.firm for one in memberships), key=lambda firm: firm.name.casefold()))
    return Access(user_id=user.pk, firm=chosen.firm, role=Role(chosen.role), firms=firms)


def request_access(request: HttpRequest) -> Access | None:
    """The access of whoever sent the request, in the firm that their session has chosen. Loaded once a request."""
    if not hasattr(request, "_loaded_access"):
        user = request.user
        firm_id = request.session.get(SESSION_KEY) or user.last_firm_id if isinstance(user, User) else None
        request._loaded_access = load_access(request.user, firm_id=firm_id)  # type: ignore[attr-defined]
    return cast("Access | None", request._loaded_access)  # type: ignore[attr-defined]


def choose_firm(request: HttpRequest, *, slug: str) -> Firm:
    """Make the firm with this slug the one that the session works in. Raises PermissionDenied for a firm not theirs."""
    access = request_access(request)
    firm = next((firm for firm in access.firms if firm.slug == slug), None) if access else None
    if firm is None:
        raise PermissionDenied(_("You do not belong to that firm, or it does not exist. Ask its admin to add you."))
    open_firm(request, user=cast("User", request.user), firm=firm)
    return firm


def open_firm(request: HttpRequest, *, user: User, firm: Firm) -> None:
    """Let the session go on in `firm`, of which `user` is a member, and the next login too."""
    request.session[SESSION_KEY] = firm.pk
    User.objects.filter(pk=user.pk).exclude(last_firm=firm).update(last_firm=firm)


P = ParamSpec("P")
FirmView = Callable[Concatenate[FirmRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def firm_required(view: FirmView[P]) -> View[P]:
    """Open a page to everybody in the firm, whatever their role."""
    return _guard(view, allowed=lambda access: access.can_see, needed="")


def staff_required(view: FirmView[P]) -> View[P]:
    """Open a page to the firm's staff and admins; viewers get a page that says so."""
    return _guard(view, allowed=lambda access: access.can_act, needed="staff")


def admin_required(view: FirmView[P]) -> View[P]:
    """Open a page to the firm's admins; others get a page that says whom to ask."""
    return _guard(view, allowed=lambda access: access.can_configure, needed="admin")


def plan_required(view: FirmView[P]) -> FirmView[P]:
    """Refuse where the firm's plan has no integration. Stands below one of the decorators above."""

    @wraps(view)
    def guarded(request: FirmRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.access.has_plan:
            raise PermissionDenied(
                _(
                    "The firm's Clio plan does not include the Xero integration. It comes with Boutique and Elite. "
                    "Once your firm has one of them at Clio, its admin chooses it here, under Firm, Plan."
                )
            )
        return view(request, *args, **kwargs)

    return guarded


def _guard(view: FirmView[P], *, allowed: Callable[[Access], bool], needed: str) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_login(request)
        access = request_access(request)
        if access is None:
            return render(request, "no_firm.html", status=403)
        # Asked before the role: what somebody may do in this firm says nothing about a form of another one.
        meant = request.POST.get("for_firm", access.firm.slug) if request.method == "POST" else access.firm.slug
        if meant != access.firm.slug:
            left = meant not in {firm.slug for firm in access.firms}
            return render(request, "firm_changed.html", {"left": left}, status=409)
        if not allowed(access):
            raise PermissionDenied(_refusal(needed, access.firm))
        firm_request = cast("FirmRequest", request)
        firm_request.access, firm_request.firm = access, access.firm
        with firm_scope(access.firm):
            response = view(firm_request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()  # its queries belong inside the scope
            return response

    return guarded


def to_login(request: HttpRequest) -> HttpResponse:
    """To the login page, and back afterwards to the page the person is looking at."""
    if request.headers.get("HX-Request"):
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        return HttpResponseClientRedirect(redirect_to_login(shown.path or "/").url)
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")


def _refusal(needed: str, firm: Firm) -> str:
    if needed == "admin":
        return _("Only an admin of %(firm)s may do this. Ask one of them, they are listed under Firm.") % {"firm": firm}
    return _("You may see everything of %(firm)s but change nothing: that takes the role Staff or Admin.") % {
        "firm": firm
    }
