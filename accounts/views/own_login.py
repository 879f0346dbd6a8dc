"""The page about one's own login: from here allauth's pages change it."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import to_login
from accounts.models import User


@require_safe
@never_cache
def own_login(request: HttpRequest) -> HttpResponse:
    """Addresses, password and second step of whoever is logged in, whatever their role and with or without a firm."""
    user = request.user
    if not isinstance(user, User):
        return to_login(request)
    addresses = list(EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).order_by("email"))
    steps = {step.type: step for step in Authenticator.objects.filter(user=user)}
    codes = steps.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "others": [address.email for address in addresses if address.verified],
        "unproven": [address.email for address in addresses if not address.verified],
        "has_second_step": Authenticator.Type.TOTP in steps,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
    }
    return render(request, "accounts/own_login.html", context)
