"""Where each page lives (DESIGN.md §5)."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from clioxero.health import healthz, readyz

# One door for everybody: the operator signs in where all people do, second factor included.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("accounts.urls")),  # before allauth's, whose sign-up page it replaces
    path("accounts/", include("allauth.urls")),
    path("operator/", admin.site.urls),
    path("", include("syncengine.urls")),
]
