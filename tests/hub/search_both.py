"""What search answers on the database of this process, as JSON: the two databases are compared by it.

Run with a DATABASE_URL of its own: `python -m tests.hub.search_both` makes the tables, loads the content and prints.
"""

import json
import os
import sys
import tomllib
from pathlib import Path

TABLE = tomllib.loads((Path(__file__).parent / "search_questions.toml").read_text("utf-8"))

# Beside the kept questions: prefixes, spelling, danger, several pages, nothing at all.
MORE = (
    "medi", "meditaion", "maintanance", "suiside", "chrismas", "abducton", "court", "child", "children", "the", "a",
    "parent", "ex", "holliday abroad", "won't answer", "wont answer", "contact centre", "zzqx", "i am scared of him",
)  # fmt: skip


def answers() -> dict[str, dict]:
    from hub.search import find

    found = {}
    for typed in (*TABLE, *MORE):
        pages = [find(typed, page) for page in (1, 2)]
        found[typed] = {
            "count": pages[0].count,
            "found": [[str(each.kind), each.address, each.title, each.lines] for page in pages for each in page.found],
            "respelt": pages[0].query.respelt,
            "danger": pages[0].query.danger,
        }
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    json.dump({"vendor": connection.vendor, "answers": answers()}, sys.stdout)


if __name__ == "__main__":
    main()
