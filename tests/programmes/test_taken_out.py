"""Staff take a part of a course, or a whole course, out of view: nobody in the middle of it loses anything."""

import pytest
from django.urls import reverse

from hub import clock, editing
from hub.models import SearchEntry
from programmes import library
from programmes.actions import learning
from programmes.models import Chapter

pytestmark = pytest.mark.django_db
COURSE = "getting-it-right"


@pytest.fixture
def begun(amara):
    """Amara has finished the first part of the course."""
    programme = library.programme(COURSE)
    taking = learning.begin(amara, programme, clock.now())
    first = programme.parts[0]
    for step, screen in first.places:
        learning.see(taking, first.slug, step.slug, screen.slug, programme.editions[first.slug], clock.now())
    taking.refresh_from_db()
    return taking


def take_out(by, slug: str) -> Chapter:
    chapter = Chapter.objects.get(programme=COURSE, slug=slug)
    editing.take_out(chapter, why="A fact in it is wrong", by=by, at=clock.now())
    return chapter


def test_a_course_goes_on_without_one_of_its_parts(begun, amara, staff, signed_in):
    client, parts = signed_in(amara), library.programme(COURSE).parts
    for part in parts[:2]:  # one that is done, and the one that comes next
        where = reverse("programmes:part", args=[COURSE, part.slug])
        assert client.get(where).status_code == 200
        chapter = take_out(staff, part.slug)
        assert client.get(where).status_code == 404
        assert not SearchEntry.objects.filter(key=f"programmes/{COURSE}/{part.slug}").exists()
        for address in ("/home/", reverse("programmes:landing"), reverse("programmes:cover", args=[COURSE])):
            page = client.get(address, follow=True)
            assert page.status_code == 200 and f'href="{where}"' not in page.content.decode()
        assert library.load().kept_out == [str(chapter)]
        editing.put_back(chapter, by=staff)
        assert client.get(where).status_code == 200
    kept = type(begun).objects.get(pk=begun.pk)
    assert (kept.seen, kept.parts_done) == (begun.seen, begun.parts_done) and kept.parts_done


def test_a_whole_course_can_go_and_come_back(begun, amara, staff, signed_in, client):
    hers, cover = signed_in(amara), reverse("programmes:cover", args=[COURSE])
    chapter = take_out(staff, "")
    for who in (hers, client):
        assert who.get(cover).status_code == 404
        assert cover not in who.get(reverse("programmes:landing")).content.decode()
    assert hers.get("/home/").status_code == 200
    assert not SearchEntry.objects.filter(key__startswith=f"programmes/{COURSE}").exists()
    editing.put_back(chapter, by=staff)
    page = hers.get(cover)
    assert page.status_code == 200 and "Carry on" in page.content.decode()
