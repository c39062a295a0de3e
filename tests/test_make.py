"""What `make` says to somebody whose machine lacks something."""

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent


@pytest.fixture
def house():
    """.ci/house.py as a module of its own."""
    spec = importlib.util.spec_from_file_location("house", HOUSE / ".ci" / "house.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make(*words: str, **more: str) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "HUB_"))}
    return subprocess.run(["make", *words], cwd=HOUSE, env=environment | more, capture_output=True, text=True)


def test_make_alone_lists_what_can_be_typed():
    done = make()
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines()][:5] == ["help", "run", "demo", "test", "check"]


def test_a_port_that_is_none_is_refused_in_words():
    done = make("run", "PORT=eighty")
    assert done.returncode != 0
    assert "make run PORT=8001" in done.stdout


def test_a_missing_library_is_named_with_the_line_to_type(house, monkeypatch):
    monkeypatch.setattr(house, "opens", lambda library: "pango" not in library)
    monkeypatch.setattr(house.os, "geteuid", lambda: 1000)
    with pytest.raises(house.Stop) as reason:
        house.libraries_for_pdf()
    assert "\n    sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0\n" in str(reason.value)


def test_every_library_of_the_list_is_looked_for_by_opening_it(house):
    assert all(house.opens(library) for library in house.LIBRARIES)
    assert not house.opens("libnobody.so.0")


def test_missing_test_programs_are_named_with_the_line_to_type(house, monkeypatch):
    monkeypatch.setattr(house.shutil, "which", lambda name, path="": "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(house.os, "geteuid", lambda: 1000)
    with pytest.raises(
        house.Stop, match="sudo apt-get install chromium default-jdk-headless nginx-light poppler-utils redis-server"
    ):
        house.programs_for_tests()


def test_an_unchanged_lock_is_not_installed_again(house, monkeypatch, tmp_path):
    done: list = []
    monkeypatch.setattr(house, "VENV", tmp_path)
    monkeypatch.setattr(house, "virtual_environment", lambda: None)
    monkeypatch.setattr(house, "sh", lambda *command: done.append(command))
    house.packages("run")
    assert len(done) == 2
    house.packages("run")
    assert len(done) == 2
    (tmp_path / "installed-run").write_text("another lock")
    house.packages("run")
    assert len(done) == 4


def test_packages_come_with_their_hashes_and_without_an_address():
    for lock in ("uv", "run", "dev"):
        text = (HOUSE / ".requirements" / f"{lock}.txt").read_text()
        pinned = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
        assert pinned
        assert all(line.endswith("\\") for line in pinned)
        assert "://" not in text
