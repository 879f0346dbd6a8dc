"""`manage.py createfirm`: make a firm and its first admin."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.management.base import ProvisioningCommand
from accounts.models import Plan, Region
from accounts.provisioning import create_firm, has_login


class Command(ProvisioningCommand):
    help = "Make a firm with its first admin. Prints the firm's short name (slug) and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the firm's name")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="the admin's e-mail address")
        parser.add_argument("--password", required=True, help="the admin's password (ignored if they have a login)")
        parser.add_argument("--plan", default=Plan.BOUTIQUE.value, help=", ".join(Plan.values))
        parser.add_argument("--region", default=Region.US.value, help=", ".join(Region.values))

    def provision(self, **options: Any) -> None:
        known = has_login(options["admin"].strip())
        firm = create_firm(
            name=options["name"],
            admin_email=options["admin"],
            password=options["password"],
            plan=options["plan"].lower(),
            region=options["region"].lower(),
        )
        if known:
            self.say_password_kept()
        self.stdout.write(firm.slug)
