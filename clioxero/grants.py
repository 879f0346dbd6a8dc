"""What the application's database role may do: work with rows, but neither change tables nor own them.

Migrations run as the owner (DATABASE_OWNER_URL), the application as its own role (DATABASE_URL), which must not be able
to step around row-level security. New tables belong to the owner, so every migration ends with these grants.
"""

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

_STATEMENTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
)


def grant_after_migrate(*, using: str, **_: Any) -> None:
    """Answer Django's post_migrate signal: grant where the owner is at work for another role."""
    role = settings.DATABASE_APPLICATION_ROLE
    if role and role != connections[using].settings_dict["USER"]:
        grant(role, using=using)


def grant(role: str, *, using: str = "default") -> None:
    """Let `role` read and write every row of every table. The connection must be the owner's."""
    with connections[using].cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
