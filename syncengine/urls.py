"""Addresses of the sync's pages (DESIGN §5)."""

from django.urls import include, path

from syncengine.views import bill_syncing, categories, dashboard, settings

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("bill-syncing/xero/", bill_syncing.bill_syncing, name="bill_syncing"),
    path("bill-syncing/xero/status/", bill_syncing.status, name="sync_status"),
    path("bill-syncing/xero/sync-now/", bill_syncing.sync_now, name="sync_now"),
    path("bill-syncing/xero/errors/retry-all/", bill_syncing.retry_all, name="retry_all"),
    path("bill-syncing/xero/errors/<int:error_id>/retry/", bill_syncing.retry, name="retry"),
    path("bill-syncing/xero/errors/<int:error_id>/retry-cause/", bill_syncing.retry_cause, name="retry_cause"),
    path("bill-syncing/xero/errors/<int:error_id>/ignore/", bill_syncing.ignore, name="ignore"),
    path("bill-syncing/xero/errors/<int:error_id>/undo/", bill_syncing.undo_ignore, name="undo_ignore"),
    path("settings/xero/", settings.xero_settings, name="xero_settings"),
    path("settings/xero/refresh/", settings.refresh, name="refresh_chart"),
    path("settings/categories/", categories.categories, name="categories"),
    path("", include("syncengine.urls_connections")),
]
