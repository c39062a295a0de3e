"""`make bench`: how fast and how big the hub is, beside a bare Django view on the same servers in the same run.

Addresses are asked in turn over one connection, so that whatever else the machine does falls on all alike; compared
are medians. Ends with 1 when a figure is over its limit.
"""

import http.client
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

HOUSE = Path(__file__).resolve().parent.parent
ROUNDS = int(os.environ.get("ROUNDS", "200"))
HOST = "hub.example"
# What parents type, from the kept table of search: the dearest of it, and some of each sort.
TYPED = (
    "children", "swap houses in lockdown", "he controls all the money", "toddler screams at pick up",
    "does my kid have to go", "ex wont answer text", "they fight all day my boy and girl", "ex wont do meditaion",
    "half term who has them", "he hits me",
)  # fmt: skip


sys.path.insert(0, str(HOUSE))

from tests import production  # noqa: E402

house = ExitStack()
os.environ.update(house.enter_context(production.tables(DJANGO_SETTINGS_MODULE="tests.bench_settings")))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from hub import clock  # noqa: E402
from hub.models import SearchEntry  # noqa: E402
from parenting_plan import drawing, questions  # noqa: E402
from programmes import library  # noqa: E402
from programmes.actions import learning  # noqa: E402
from tests import bench_library  # noqa: E402
from tests.parenting_plan import family  # noqa: E402
from tests.workshop import Worker  # noqa: E402

FORWARDED = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


class Table:
    """Prints each figure beside its limit and remembers whether one is over."""

    def __init__(self):
        self.over = False

    def row(self, what: str, figure: float, unit: str, limit: float | None = None) -> None:
        bad = limit is not None and figure > limit
        self.over |= bad
        beside = "" if limit is None else f"at most {limit:g}" + ("   OVER" if bad else "")
        print(f"{what:<52}{figure:>9.2f} {unit:<9}{beside}", flush=True)


def a_family():
    """Amara and Ben with 60 agreed answers in starter words, and one suggestion that waits."""
    amara = User.objects.create_user("amara@example.com", "Amara", "x")
    ben = User.objects.create_user("ben@example.com", "Ben", "x")
    begun = clock.now() - timedelta(days=30)
    plan = family.share(family.start(amara, at=begun), ben, at=begun)
    asked = list(questions.by_key().values())
    for number, question in enumerate(asked[:60]):
        text = question.starter_for(children="Anya and Finn", me="Amara", other="Ben")
        at = begun + timedelta(hours=6 * number + 6)
        family.settle(plan, amara, ben, question.key, text, at=at)
    waiting = asked[60]
    family.suggest(plan, ben, waiting.key, waiting.starter_for(children="Anya and Finn", me="Ben", other="Amara"))
    plan.refresh_from_db()
    return amara, plan, waiting.key


def a_course(amara) -> dict[str, str]:
    """Amara in the middle of a course; its pages: the cover, something to read, a film, something to write."""
    programme = library.programme("getting-it-right")
    taking = learning.begin(amara, programme, clock.now())
    for step, screen in programme.parts[0].places:
        edition = programme.editions[programme.parts[0].slug]
        learning.see(taking, programme.parts[0].slug, step.slug, screen.slug, edition, clock.now())
    pages = {"the cover of a course": reverse("programmes:cover", args=[programme.slug])}
    for kind in ("reading", "film", "reflection"):
        part, step, screen = next(
            (part, step, screen) for part in programme.parts for step, screen in part.places if screen.kind == kind
        )
        way = [programme.slug, part.slug, step.slug, *([screen.slug] if screen.slug else [])]
        pages[f"a step of a course: {kind}"] = reverse(
            "programmes:screen" if screen.slug else "programmes:step", args=way
        )
    return pages


class Web:
    """gunicorn as in production, on a port of its own."""

    def __enter__(self):
        self.running = ExitStack()
        self.process, port = self.running.enter_context(
            production.web({**os.environ, "HUB_DATABASE_POOL": "8"}, log=subprocess.DEVNULL)
        )
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.get("/healthz")
        return self

    def __exit__(self, *_):
        self.line.close()
        self.running.close()

    def get(self, path: str, cookie: str = "") -> tuple[float, http.client.HTTPResponse]:
        headers = FORWARDED | ({"Cookie": cookie} if cookie else {})
        begun = time.perf_counter()
        self.line.request("GET", path, headers=headers)
        answer = self.line.getresponse()
        answer.read()
        return (time.perf_counter() - begun) * 1000, answer

    def medians(self, asked: dict[str, tuple[str, str]], rounds: int = ROUNDS) -> dict[str, float]:
        """Milliseconds for each name, all asked in turn. The first tenth only warms up."""
        times: dict[str, list[float]] = {name: [] for name in asked}
        for number in range(rounds + rounds // 10):
            for name, (path, cookie) in asked.items():
                took, answer = self.get(path, cookie)
                if answer.status != 200:
                    raise SystemExit(f"{path} answered {answer.status} {answer.headers.get('Location', '')}")
                if number >= rounds // 10:
                    times[name].append(took)
        return {name: median(found) for name, found in times.items()}

    def biggest(self) -> float:
        return max(memory(pid)[0] for pid in tree(self.process.pid)[1:])


def tree(pid: int) -> list[int]:
    """The process and all its children."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in below for found in tree(int(child)))]


def memory(pid: int) -> tuple[float, float]:
    """MB that the process holds: all of it (RSS), and its fair share of what it shares with others (PSS)."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("Rss", "Pss"))  # type: ignore[return-value]


def pages_signed_in(table: Table, web: Web, cookie: str, pages: dict[str, str], client: Client) -> None:
    bare = "a bare view with session and person"
    found = web.medians({bare: ("/bench/bare/", cookie)} | {name: (path, cookie) for name, path in pages.items()})
    table.row(bare, found[bare], "ms")
    for name, path in pages.items():
        # The plan as a page is a document of sixty answers, drawn anew each time: shown, without a limit.
        limit = 2 if path.endswith(".pdf") else None if path.endswith("/agreed/") else 3
        table.row(name, found[name] / found[bare], "times", limit)
        with CaptureQueriesContext(connection) as queries:
            client.get(path, headers={"host": HOST}, secure=True)
        table.row(f"    its queries ({found[name]:.1f} ms)", len(queries), "", 12)


def pages_signed_out(table: Table, web: Web) -> None:
    still = "a static Django response"
    names = ("start", "help", "safety", "how_it_works", "privacy", "programmes:landing")
    addresses = [*map(reverse, names), reverse("articles:list"), reverse("articles:article", args=["mediation"])]
    found = web.medians({still: ("/bench/still/", "")} | {address: (address, "") for address in addresses})
    table.row(still, found[still], "ms")
    for address in addresses:
        table.row(f"signed out: {address}", found[address] / found[still], "times", 1.5)
        _, answer = web.get(address)
        table.row("    its cookies", len(answer.headers.get_all("Set-Cookie") or []), "", 0)


def searching(table: Table, web: Web, cookie: str) -> None:
    """Search among ten thousand articles: the slowest of what is typed, beside the bare view, whoever asks."""
    bare = "a bare view with session and person"
    asked = {bare: ("/bench/bare/", cookie)}
    for typed in TYPED:
        path = f"{reverse('search')}?{urlencode({'q': typed})}"
        asked |= {f"search signed in: {typed}": (path, cookie), f"search signed out: {typed}": (path, "")}
    found = web.medians(asked, max(10, ROUNDS // 4))
    one = found.pop(bare)
    table.row(bare, one, "ms")
    for who in ("search signed in", "search signed out"):
        name, took = max(((name, took) for name, took in found.items() if name.startswith(who)), key=lambda row: row[1])
        table.row(name, took / one, "times", 5)
    table.row("    pages it searches", SearchEntry.objects.count(), "")


def drawing_a_plan(table: Table, plan) -> None:
    """Drawing is work of one core, so the limit is on its CPU seconds: others on this machine cannot move them."""
    begun = time.process_time()
    from hub import pdf

    pdf.draw(drawing.TEMPLATE, drawing.reading(plan)[1])
    table.row("loading the PDF machine and its fonts, once a worker", time.process_time() - begun, "s CPU")
    wall, begun = time.perf_counter(), time.process_time()
    issued = drawing.issue(plan)
    table.row(f"60 answers to PDF, {issued.pages} pages, first time", time.process_time() - begun, "s CPU", 2)
    table.row("    by the clock on the wall", time.perf_counter() - wall, "s")


def worker_that_drew(table: Table, plan) -> None:
    from parenting_plan.models import Issued, Plan
    from parenting_plan.tasks import draw_what_is_due

    issued = Issued.objects.get(plan=plan)
    issued.drawn_at = None
    issued.save()
    Plan.objects.filter(pk=plan.pk).update(pdf_due=True)
    worker = Worker(dict(os.environ)).start()
    try:
        draw_what_is_due.delay()
        end = time.monotonic() + 60
        while Issued.objects.get(plan=plan).drawn_at is None:
            if time.monotonic() > end:
                raise SystemExit("The worker did not draw the plan.")
        pids = tree(worker.pid)
        table.row(
            "worker after drawing, with its child (shared parts once)", sum(memory(pid)[1] for pid in pids), "MB", 350
        )
        table.row("    its biggest process alone", max(memory(pid)[0] for pid in pids), "MB")
    finally:
        worker.stop()


def main() -> int:
    call_command("collectstatic", verbosity=0, interactive=False)
    bench_library.fill()
    amara, plan, waiting = a_family()
    client = Client()
    client.force_login(amara)
    cookie = "; ".join(f"{name}={value.value}" for name, value in client.cookies.items())
    at = {"args": [plan.reference]}
    pages = {
        "home": reverse("home"),
        "overview of the plan": reverse("parenting_plan:overview", **at),
        "a section": reverse("parenting_plan:section", args=[plan.reference, waiting.split("/")[0]]),
        "a question with a suggestion": reverse("parenting_plan:question", args=[plan.reference, *waiting.split("/")]),
        **a_course(amara),
        "the agreed plan as a page": reverse("parenting_plan:agreed", **at),
        "the agreed plan as a kept PDF": reverse("parenting_plan:pdf", **at),
    }
    table = Table()
    drawing_a_plan(table, plan)
    with Web() as web:
        pages_signed_in(table, web, cookie, pages, client)
        pages_signed_out(table, web)
        searching(table, web, cookie)
        table.row("web: the biggest process (RSS)", web.biggest(), "MB", 180)
    worker_that_drew(table, plan)
    return 1 if table.over else 0


if __name__ == "__main__":
    with house:
        sys.exit(main())
