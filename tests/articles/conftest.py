"""A small library of its own, for a test that asks for `shelf`; the real one is there for every other test."""

import pytest

from articles import library
from tests.articles.shelf import LIBRARY, write


@pytest.fixture(autouse=True)
def empty_shelves():
    """What a process remembers of editions goes with the test: the next one may give their numbers to other words."""
    from hub import http

    def clear():
        library._parsed.clear()
        library._in_order.cache_clear()
        http._shelf.clear()

    clear()
    yield
    clear()


@pytest.fixture
def shelf(tmp_path, db):
    """A folder of content files, loaded: shelf.write("practical/pets", text) changes a file and loads again."""

    class Shelf:
        folder = tmp_path / "content"

        def write(self, name: str, text: str):
            write(self.folder, name, text)
            return self.load()

        def remove(self, name: str):
            (self.folder / f"{name}.toml").unlink()
            return self.load()

        def load(self):
            return library.load(self.folder)

    made = Shelf()
    for name, text in LIBRARY.items():
        write(made.folder, name, text)
    made.load()
    return made
