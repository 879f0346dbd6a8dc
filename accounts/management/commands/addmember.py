"""`manage.py addmember`: let a person into a firm."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.management.base import ProvisioningCommand
from accounts.models import Firm, Role
from accounts.provisioning import ProvisioningError, add_member, has_login


class Command(ProvisioningCommand):
    help = "Let a person into a firm, in a role. Prints nothing when it worked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the firm's short name, as createfirm printed it")
        parser.add_argument("--email", required=True)
        parser.add_argument("--password", required=True, help="ignored if the person has a login")
        parser.add_argument("--role", required=True, help=", ".join(Role.values))

    def provision(self, **options: Any) -> None:
        firm = Firm.objects.filter(slug=options["slug"]).first()
        if firm is None:
            raise ProvisioningError("slug", f"there is no firm with the short name {options['slug']!r}.")
        known = has_login(options["email"].strip())
        add_member(firm=firm, email=options["email"], password=options["password"], role=options["role"].lower())
        if known:
            self.say_password_kept()
