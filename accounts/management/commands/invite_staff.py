"""The first member of staff, and the way back in when nobody who looks after staff accounts is left."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import roles
from accounts.staff import actions
from accounts.staff.emails import path_of


class Command(BaseCommand):
    help = "Invites somebody to work here: the mail holds a link that works once, for seven days."

    def add_arguments(self, parser):
        parser.add_argument("address", help="their work email address")
        parser.add_argument("--role", action="append", required=True, choices=list(roles.by_slug()), dest="roles")
        parser.add_argument("--reason", default="invited at the server")
        parser.add_argument("--show", action="store_true", help="print the link too: for a server without mail yet")

    def handle(self, *args, address, reason, show, **options):
        try:
            made = actions.invite(email=address, role_slugs=options["roles"], reason=reason, by=None)
        except actions.NotAWorkAddress:
            raise CommandError("This address belongs to somebody's own account, or to no domain of staff.") from None
        except actions.WorksAlready:
            raise CommandError("This address has a staff account already.") from None
        self.stdout.write(f"{made.email} is invited until {made.expires_at:%Y-%m-%d %H:%M} UTC.")
        if show:
            self.stdout.write(settings.HUB_ADDRESS + path_of(made))
