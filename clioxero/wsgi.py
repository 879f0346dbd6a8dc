"""The web application for gunicorn. Start it with --preload, so that a faulty environment ends it with one line."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from clioxero.environment import EnvironmentProblem, require_servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clioxero.settings")

try:
    require_servers(os.environ)
except EnvironmentProblem as problem:
    sys.stderr.write(f"clioxero: {problem}\n")
    sys.exit(2)

application = get_wsgi_application()
