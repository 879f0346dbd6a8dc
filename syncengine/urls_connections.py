"""Addresses of the Connections page (DESIGN §5)."""

from django.urls import path

from syncengine.views import connections

urlpatterns = [
    path("connections/", connections.connections, name="connections"),
    path("connections/clio/connect/", connections.connect_clio, name="clio_connect"),
    path("connections/clio/callback/", connections.clio_callback, name="clio_callback"),
    path("connections/clio/disconnect/", connections.disconnect_service, {"service": "clio"}, name="clio_disconnect"),
    path("connections/xero/connect/", connections.connect_xero, name="xero_connect"),
    path("connections/xero/callback/", connections.xero_callback, name="xero_callback"),
    path("connections/xero/choose/", connections.xero_choose, name="xero_choose"),
    path("connections/xero/disconnect/", connections.disconnect_service, {"service": "xero"}, name="xero_disconnect"),
]
