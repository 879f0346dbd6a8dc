"""Pages about the firm and its people."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("firm/", views.firm_page, name="firm"),
    path("firm/switch/", views.switch_firm, name="firm_switch"),
]
