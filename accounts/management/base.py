"""What the commands of this application share."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from accounts.models import Firm
from accounts.provisioning import ProvisioningError


class ProvisioningCommand(BaseCommand):
    """Says what is wrong in one line on stderr and leaves with exit code 2, nothing saved."""

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the command, and turn what may go wrong into one line."""
        try:
            if Firm._meta.db_table not in connection.introspection.table_names():
                raise CommandError("The database has no tables yet: run `manage.py migrate` first.", returncode=2)
            self.provision(**options)
        except ProvisioningError as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except OperationalError as problem:
            reason = " ".join(str(problem).split())
            raise CommandError(f"The database does not answer, see DATABASE_URL: {reason}", returncode=2) from problem

    def provision(self, **options: Any) -> None:
        """Do the work of the command."""
        raise NotImplementedError

    def say_password_kept(self) -> None:
        """Say, on stderr, that someone who was known keeps the password they have."""
        self.stderr.write("This person had a login already: their password stays as it was.")
