"""Addresses of the connections pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
