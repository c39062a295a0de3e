"""Anchors the record outside the database; makes and shows keys."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from parenting_plan import anchors


class Command(BaseCommand):
    help = (
        "Writes one signed file into HUB_ANCHORS with the head of every plan that changed since the anchor before. "
        "`manage.py keep` does so each hour."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--public-key", action="store_true", help="print the key that auditors check with")
        what.add_argument("--new-key", action="store_true", help="print a new private key for HUB_ANCHOR_KEY")
        what.add_argument(
            "--begin-again",
            metavar="REASON",
            default="",
            help="list every head anew; what was anchored before binds no longer, and the reason is signed",
        )

    def handle(self, *args, public_key, new_key, begin_again, **options):
        if new_key:
            self.stdout.write(os.urandom(32).hex())
            return
        try:
            if public_key:
                self.stdout.write(anchors.public_key(anchors.signing_key()))
                return
            self.stdout.write(f"{anchors.write(begins=begin_again)} heads anchored")
        except (anchors.Lost, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
