"""`make lighthouse`: what Lighthouse says of our pages, on its phone with a slow line, behind the proxy we deploy.

A page that misses a figure is looked at twice more, and the median counts: one look can be disturbed by whatever else
the machine does. Ends with 1 when a figure is missed. Words after it are addresses to look at instead of these.
"""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parent.parent
sys.path.insert(0, str(HOUSE))

from tests import looking, production, servers  # noqa: E402

LIMITS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
PAGES = (
    "/",
    "/articles/",
    "/articles/new-partners-and-step-families/",  # the longest
    "/articles/listening-to-your-child/",  # with a picture
    "/articles/mediation/",
    "/articles/mediation/easy-read/",
    "/help/",
    "/safety/",
)
NOT_FOR_SEARCH_ENGINES = {"/safety/"}  # it asks not to be listed, for which Lighthouse takes points off


class Look:
    """One report on one page: its figures, and what took points off."""

    def __init__(self, address: str):
        flags = [*looking.FLAGS, "--headless", "--ignore-certificate-errors"]
        name, rules = looking.NOWHERE.split("=", 1)
        flags.append(f'{name}="{rules}"')
        command = [HERE / "node_modules" / ".bin" / "lighthouse", address, "--output=json", "--quiet"]
        command += ["--no-enable-error-reporting", f"--only-categories={','.join(LIMITS)}"]
        command += [f"--chrome-flags={' '.join(flags)}"]
        chrome = {**os.environ, "CHROME_PATH": looking.chromium()}
        report = json.loads(subprocess.run(command, env=chrome, check=True, stdout=subprocess.PIPE).stdout)
        if fault := report.get("runtimeError"):
            raise SystemExit(f"Lighthouse could not read {address}: {fault['message']}")
        self.figures = {name: round(report["categories"][name]["score"] * 100) for name in LIMITS}
        self.painted = report["audits"]["largest-contentful-paint"]["numericValue"] / 1000
        counted = {part["id"] for name in LIMITS for part in report["categories"][name]["auditRefs"] if part["weight"]}
        audits = [report["audits"][name] for name in sorted(counted)]
        self.faults = [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 0.9]


def missed(page: str, figures: dict[str, float]) -> bool:
    asked = {name for name in LIMITS if name != "seo" or page not in NOT_FOR_SEARCH_ENGINES}
    return any(figures[name] < LIMITS[name] for name in asked)


def row(*words: object) -> None:
    print(f"{words[0]:<46}", *(f"{word:>14}" for word in words[1:]), flush=True)


def judge(address: str, page: str) -> bool:
    """Prints what was found. True when the page holds its figures."""
    looks = [Look(address + page)]
    if missed(page, looks[0].figures):
        looks += [Look(address + page), Look(address + page)]
    figures = {name: median(look.figures[name] for look in looks) for name in LIMITS}
    bad = missed(page, figures)
    seo = "not asked" if page in NOT_FOR_SEARCH_ENGINES else figures["seo"]
    painted = f"{median(look.painted for look in looks):.1f} s"
    row(page, *(seo if name == "seo" else figures[name] for name in LIMITS), painted, "MISSED" if bad else "")
    if bad:
        for fault in sorted({fault for look in looks for fault in look.faults}):
            print(f"    {fault}")
    return not bad


def main(pages: list[str]) -> int:
    port = production.free_port()
    where = {"HUB_ADDRESS": f"https://localhost:{port}", "HUB_HOSTS": "localhost", "HUB_DATABASE_POOL": "8"}
    with ExitStack() as house:
        environment = house.enter_context(production.tables(**where))
        home = house.enter_context(servers.folder())
        for words in (["collectstatic", "--noinput", "--verbosity", "0"], ["draw_error_pages", home / "pages"]):
            subprocess.run([sys.executable, "manage.py", *words], cwd=HOUSE, env=environment, check=True)
        log = house.enter_context((home / "hub.log").open("wb"))
        _process, behind = house.enter_context(production.web(environment, log))
        proxy = house.enter_context(production.proxy(home, f"127.0.0.1:{behind}", home / "pages", port))
        row("", *LIMITS, "painted after")
        held = [judge(proxy.address, page) for page in pages]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(PAGES)))
