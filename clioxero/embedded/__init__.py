"""A real PostgreSQL and a real Redis out of wheels, for development and tests.

Only a supervisor (`manage.py demo`, the test run) starts them: it holds the folder's lock, hands the addresses on
through the environment and stops the servers. They listen on sockets alone, in a folder closed to other people.

The wheels' programs are run directly, since their Python wrappers open every folder above the data to others, create
a user in the system, warn where XDG_RUNTIME_DIR is unset, and leave the server running when the process is killed.
"""

from clioxero.embedded.folder import EmbeddedProblem, FolderInUse
from clioxero.embedded.postgres_server import APPLICATION_ROLE, DATABASE, OWNER_ROLE, postgres
from clioxero.embedded.redis_server import redis
from clioxero.embedded.servers import servers

__all__ = [
    "APPLICATION_ROLE",
    "DATABASE",
    "OWNER_ROLE",
    "EmbeddedProblem",
    "FolderInUse",
    "postgres",
    "redis",
    "servers",
]
