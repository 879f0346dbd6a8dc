"""The project: settings, addresses of pages, workers, and the embedded servers for development and tests."""

from clioxero.celery import app as celery_app

__all__ = ["celery_app"]
