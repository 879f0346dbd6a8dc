"""Addresses of the sync's pages (DESIGN §5)."""

from django.urls import include, path

from syncengine.views import categories, dashboard, settings, setup

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("bill-syncing/xero/", include("syncengine.urls_bill_syncing")),
    path("setup/", setup.setup, name="setup"),
    path("setup/connect/", setup.connect, name="setup_connect"),
    path("setup/accounts/", setup.accounts, name="setup_accounts"),
    path("setup/preferences/", setup.preferences, name="setup_preferences"),
    path("setup/preview/", setup.preview, name="setup_preview"),
    path("setup/preview/status/", setup.preview_status, name="setup_preview_status"),
    path("setup/start/", setup.start, name="setup_start"),
    path("setup/progress/", setup.progress, name="setup_progress"),
    path("setup/progress/status/", setup.progress_status, name="setup_progress_status"),
    path("settings/xero/", settings.xero_settings, name="xero_settings"),
    path("settings/xero/effect/", settings.effect, name="xero_effect"),
    path("settings/xero/refresh/", settings.refresh, name="refresh_chart"),
    path("settings/categories/", categories.categories, name="categories"),
    path("", include("syncengine.urls_connections")),
]
