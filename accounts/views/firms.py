"""From firm to firm: signing one up, adding another, switching."""

from typing import Any

from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import choose_firm, open_firm, to_login
from accounts.forms.sign_up import FirmForm
from accounts.models import User
from accounts.provisioning import ProvisioningError
from accounts.sign_up import add_firm, may_add_firm


class SignUpView(SignupView):  # type: ignore[misc]  # allauth has no types
    """allauth's sign-up page, for a firm. Whoever has a login already adds a firm to it instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin anew with each form that is sent: allauth would go on with an earlier one, and ignore what changed."""
        if request.method == "POST" and not request.user.is_authenticated:
            logout(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_authenticated_redirect_url(self) -> str:
        """Where somebody goes who is logged in."""
        return reverse("firm_add") if may_add_firm(self.request.user) else "/"


sign_up = SignUpView.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def firm_add(request: HttpRequest) -> HttpResponse:
    """Sign another firm up with the login one has."""
    user = request.user
    if not isinstance(user, User):
        return to_login(request)
    if not may_add_firm(user):
        return render(request, "accounts/firm_add_closed.html", status=403)
    form = FirmForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            firm, is_new = add_firm(user=user, answers=form.answers())
        except ProvisioningError as problem:
            form.add_error(None, problem.message)
        else:
            open_firm(request, user=user, firm=firm)
            words = _("%(firm)s is set up, and you are its admin.") if is_new else _("You are in %(firm)s already.")
            messages.success(request, words % {"firm": firm.name})
            return redirect("/")
    return render(request, "accounts/firm_add.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def switch_firm(request: HttpRequest) -> HttpResponse:
    """Go on in another firm of the person's own; starts at its dashboard."""
    if not request.user.is_authenticated:
        return to_login(request)
    choose_firm(request, slug=request.POST.get("slug", ""))
    return redirect("/")
