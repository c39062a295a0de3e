"""The handbook’s table of what could happen to somebody: each risk has a control, a watcher, and tests that exist."""

import re
from pathlib import Path

from accounts import roles

HERE = Path(__file__).parent
HEAD = "### What could happen to somebody, and what stands against it"


def rows() -> list[list[str]]:
    text = (HERE.parent / "HANDBOOK.md").read_text()
    lines = text.split(HEAD, 1)[1].split("\n#", 1)[0].splitlines()
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return found[2:]


def test_each_risk_is_watched_by_somebody_and_shown_by_tests_that_exist():
    names = {role.title for role in roles.ROLES}
    assert len(rows()) >= 15
    for risk, control, tests, watcher, left in rows():
        assert risk and control and left, risk
        assert watcher in names, risk
        shown = re.findall(r"`([^`]+)`", tests)
        assert shown and not [each for each in shown if not (HERE / each).is_file()], risk
