"""Make the index for search anew, from what people see now."""

from typing import Any

from django.core.management.base import BaseCommand

from hub import search


class Command(BaseCommand):
    help = "Makes the index for search anew. It keeps step by itself: this is for after a repair of the database."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{search.rebuild()} pages can be found.")
