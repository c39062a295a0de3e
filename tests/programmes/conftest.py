"""A small library of its own for each test, and parents who take what is in it."""

import pytest

from programmes import library
from tests.programmes.courses import COURSE, SENT, write


@pytest.fixture(autouse=True)
def empty_shelves():
    """What a process remembers of editions goes with the test: the next one may give their numbers to other words."""
    from hub import http

    def clear():
        library._parsed.clear()
        library._put_together.cache_clear()
        http._shelf.clear()

    clear()
    yield
    clear()


@pytest.fixture
def content(tmp_path, db):
    """A folder of content files, loaded: content.write("a-course", "1-first", text) changes a file and loads again."""

    class Content:
        folder = tmp_path / "content"

        def write(self, programme: str, name: str, text: str):
            write(self.folder, programme, name, text)
            return self.load()

        def remove(self, programme: str, name: str):
            (self.folder / programme / f"{name}.toml").unlink()
            return self.load()

        def load(self):
            return library.load(self.folder)

    made = Content()
    for programme, files in (("a-course", COURSE), ("a-sent-course", SENT)):
        for name, text in files.items():
            write(made.folder, programme, name, text)
    made.load()
    return made


@pytest.fixture
def course(content):
    return library.programme("a-course")


@pytest.fixture
def sent_course(content):
    return library.programme("a-sent-course")


@pytest.fixture
def sent(db):
    """sent(amara): a parent with a referral to the course of those who were sent, which they have joined."""
    from hub import clock
    from programmes.models import Case, Party, Referral

    def make(person, programme: str = "a-sent-course", **more):
        case = Case.objects.create(reference=f"CASE-{Case.objects.count() + 1}", made_at=clock.now())
        party = Party.objects.create(case=case, lane=0, name="A Person", email=person.email, person=person)
        more = {"joined_at": clock.now()} | more
        return Referral.objects.create(
            party=party, programme=programme, route="court", ordered_on="2026-11-02", made_at=clock.now(), **more
        )

    return make
