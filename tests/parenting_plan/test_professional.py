"""A solicitor reads and downloads what one parent let them see, and nothing else, for as long as that parent wants."""

import hashlib
import os
import resource
import subprocess
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.urls import reverse

from hub import clock, files
from hub.models import OutgoingMail
from parenting_plan import actions, drawing, emails
from parenting_plan.models import Grant, Issued, Opening, Plan
from tests.parenting_plan import family
from tests.parenting_plan.pages import masked

LIST = "/professional/"


def let_read(plan, by, reader, *, at=None) -> Grant:
    return actions.grant(plan=plan, by=family.party(plan, by), email=getattr(reader, "email", reader), at=at)


def page_of(plan) -> str:
    return reverse("parenting_plan:professional_plan", args=[plan.reference])


def file_of(plan) -> str:
    return reverse("parenting_plan:professional_pdf", args=[plan.reference])


def statuses(client, plan) -> set[int]:
    return {client.get(page_of(plan)).status_code, client.get(file_of(plan)).status_code}


# ---------------------------------------------------------------- granted, read, downloaded
def test_a_solicitor_reads_and_downloads_the_agreed_plan(lively, amara, solicitor, signed_in):
    let_read(lively, amara, solicitor)
    sol = signed_in(solicitor)
    shelf = sol.get(LIST)
    assert "Anya" in shelf.content.decode() and "Amara" in shelf.content.decode()
    read = sol.get(page_of(lively))
    assert read.status_code == 200
    assert "We hand over at the school gate" in read.content.decode()
    got = sol.get(file_of(lively))
    assert got.status_code == 200 and got.content.startswith(b"%PDF-")
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert got["Cache-Control"] == "no-store" and got["X-Content-Type-Options"] == "nosniff"


def test_the_page_and_the_list_show_agreed_words_only(lively, amara, ben, solicitor, signed_in):
    family.draft(lively, amara, family.OVERNIGHTS, "CANARY draft words")
    let_read(lively, amara, solicitor)
    sol = signed_in(solicitor)
    seen = sol.get(LIST).content.decode() + sol.get(page_of(lively)).content.decode()
    for private in (
        "CANARY",
        "library",
        "gate is crowded",
        "Every other weekend",
        "Alternate weeks",
        amara.email,
        ben.email,
    ):
        assert private not in seen


def test_the_page_and_the_file_have_the_same_words_and_code(lively, amara, solicitor, signed_in, tmp_path):
    let_read(lively, amara, solicitor)
    sol = signed_in(solicitor)
    (tmp_path / "plan.pdf").write_bytes(sol.get(file_of(lively)).content)
    on_paper = subprocess.run(
        ["pdftotext", tmp_path / "plan.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    on_screen = sol.get(page_of(lively)).content.decode()
    code = str(Issued.objects.get())
    for words in (code, "We hand over at the school gate", "Monday to Wednesday with Amara"):
        assert words in " ".join(on_paper.split()) and words in on_screen


def test_the_page_shows_the_code_before_anybody_has_a_file(lively, amara, ben, solicitor, signed_in):
    """A code that came with the first download would tell one parent that somebody had made one."""
    let_read(lively, ben, solicitor)
    hers, sol = signed_in(amara), signed_in(solicitor)
    address = reverse("parenting_plan:agreed", args=[lively.reference])
    before = masked(hers.get(address))
    assert str(Issued.objects.get()) in before
    assert str(Issued.objects.get()) in sol.get(page_of(lively)).content.decode()
    assert sol.get(file_of(lively)).status_code == 200
    assert masked(hers.get(address)) == before


# ---------------------------------------------------------------- who may
def test_without_a_grant_there_is_no_plan(lively, solicitor, stranger, signed_in, client):
    assert statuses(signed_in(solicitor), lively) == {404}
    assert statuses(signed_in(stranger), lively) == {404}
    assert statuses(client, lively) == {302}


def test_an_address_that_is_not_proved_opens_nothing(lively, amara, solicitor, signed_in):
    let_read(lively, amara, solicitor)
    solicitor.emailaddress_set.update(verified=False)
    sol = signed_in(solicitor)
    assert statuses(sol, lively) == {404}
    assert "Anya" not in sol.get(LIST).content.decode()


def test_a_proved_second_address_is_not_the_persons_address(lively, amara, person, signed_in):
    """Only the address people sign in with counts."""
    sol = person("Sol", kind="professional")
    sol.emailaddress_set.create(email="other@example.com", verified=True, primary=False)
    let_read(lively, amara, "other@example.com")
    assert statuses(signed_in(sol), lively) == {404}


def test_the_address_is_found_however_it_was_typed(lively, amara, solicitor, signed_in):
    let_read(lively, amara, f"  {solicitor.email.upper()} ")
    assert statuses(signed_in(solicitor), lively) == {200}


def test_the_other_parents_address_is_taken_like_any_other_and_opens_nothing(lively, amara, ben, signed_in):
    """Refusing it would let a parent try addresses until one is refused."""
    amaras = signed_in(amara)
    address = reverse("parenting_plan:professionals", args=[lively.reference])
    answer = amaras.post(address, {"email": ben.email, "do": "give"}, follow=True)
    assert f"{ben.email} can read" in answer.content.decode()
    assert statuses(signed_in(ben), lively) == {404}
    letter = OutgoingMail.objects.get(kind="parenting_plan/professional_access")
    assert not emails._the_grant_stands(letter)


def test_a_friend_with_a_parents_account_may_be_let_in(lively, amara, stranger, signed_in):
    let_read(lively, amara, stranger)
    assert statuses(signed_in(stranger), lively) == {200}


# ---------------------------------------------------------------- how long
@pytest.mark.parametrize(("before", "status"), [(timedelta(minutes=-1), 200), (timedelta(0), 404)])
def test_access_ends_after_thirty_days_by_the_databases_clock(lively, amara, solicitor, signed_in, before, status):
    let_read(lively, amara, solicitor, at=clock.now() - timedelta(days=30) - before)
    assert statuses(signed_in(solicitor), lively) == {status}


def test_renewing_gives_thirty_days_from_now_and_one_row(lively, amara, solicitor, signed_in):
    let_read(lively, amara, solicitor, at=clock.now() - timedelta(days=29))
    let_read(lively, amara, solicitor)
    granted = Grant.objects.get()
    assert granted.expires_at - clock.now() > timedelta(days=29, hours=23)


def test_taking_it_back_fails_the_very_next_request(lively, amara, solicitor, signed_in):
    let_read(lively, amara, solicitor)
    sol = signed_in(solicitor)
    assert statuses(sol, lively) == {200}
    ended = signed_in(amara).post(reverse("parenting_plan:end_access", args=[lively.reference, 1]))
    assert ended.status_code == 302
    assert statuses(sol, lively) == {404}
    assert "Anya" not in sol.get(LIST).content.decode()


def test_leaving_takes_back_what_one_granted_and_not_what_the_other_did(lively, amara, ben, person, signed_in):
    hers, his = person("Hera", kind="professional"), person("Hugo", kind="professional")
    let_read(lively, amara, hers)
    let_read(lively, ben, his)
    actions.leave(plan=lively, by=family.party(lively, amara))
    assert statuses(signed_in(hers), lively) == {404}
    assert statuses(signed_in(his), lively) == {200}


# ---------------------------------------------------------------- who sees that it was opened
def test_each_opening_is_shown_to_the_parent_who_granted_it_and_to_nobody_else(
    lively, amara, ben, solicitor, signed_in
):
    let_read(lively, amara, solicitor)
    address = reverse("parenting_plan:professionals", args=[lively.reference])
    before = signed_in(ben).get(address).content
    sol = signed_in(solicitor)
    sol.get(page_of(lively))
    sol.get(file_of(lively))
    assert list(Opening.objects.order_by("at").values_list("what", flat=True)) == ["read", "download"]
    hers = signed_in(amara).get(address).content.decode()
    assert "Read the plan:" in hers and "Downloaded the PDF:" in hers
    his = signed_in(ben).get(address).content
    assert solicitor.email.encode() not in his and len(his) == len(before)


def test_with_two_grants_each_parent_sees_the_openings(lively, amara, ben, solicitor, signed_in):
    let_read(lively, amara, solicitor)
    let_read(lively, ben, solicitor)
    signed_in(solicitor).get(page_of(lively))
    assert Opening.objects.filter(grant__by=family.party(lively, amara)).count() == 1
    assert Opening.objects.filter(grant__by=family.party(lively, ben)).count() == 1


def test_a_mailed_professional_is_told_nothing_of_the_plan(lively, amara, solicitor):
    let_read(lively, amara, solicitor)
    letter = OutgoingMail.objects.get(kind="parenting_plan/professional_access")
    assert letter.to == solicitor.email
    assert lively.reference not in str(letter.facts) and "Anya" not in str(letter.facts)


def test_the_eleventh_in_a_day_is_refused_kindly_even_when_earlier_ones_ended(lively, amara, signed_in):
    for number in range(10):
        granted = let_read(lively, amara, f"sol{number}@example.com")
        actions.revoke(granted=granted, by=granted.by)
    answer = signed_in(amara).post(
        reverse("parenting_plan:professionals", args=[lively.reference]), {"email": "sol11@example.com", "do": "give"}
    )
    assert "Ten people is the most" in answer.content.decode() and "sol11@example.com" in answer.content.decode()
    assert Grant.objects.count() == 10


# ---------------------------------------------------------------- a parent working alone
def test_a_plan_of_one_parent_is_shown_as_a_proposal(solo, amara, solicitor, signed_in):
    family.suggest(solo, amara, family.HANDOVERS, "At the school gate.")
    let_read(solo, amara, solicitor)
    seen = signed_in(solicitor).get(page_of(solo)).content.decode()
    assert "Proposed by" in seen and "Not agreed." in seen and "At the school gate." in seen


# ---------------------------------------------------------------- cost
def test_the_list_costs_the_same_for_one_plan_and_for_many(
    amara, person, solicitor, signed_in, django_assert_max_num_queries
):
    for _ in range(6):
        let_read(family.start(amara), amara, solicitor)
    sol = signed_in(solicitor)
    sol.get(LIST)
    with django_assert_max_num_queries(8):
        assert sol.get(LIST).content.decode().count("lets you read it until") == 6


# ---------------------------------------------------------------- no room on the disk
@contextmanager
def full_disk(folder):
    """A real file system of 16 KB for the hub's files; or, where none may be mounted, a real limit on a file's size."""
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], capture_output=True
        ).returncode
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        if mounted:
            subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_said_in_plain_words_and_leaves_nothing_half_written(
    lively, amara, solicitor, signed_in, settings, tmp_path
):
    let_read(lively, amara, solicitor)
    sol = signed_in(solicitor)
    settings.HUB_FILES = tmp_path
    with full_disk(tmp_path):
        answer = sol.get(file_of(lively))
        said = answer.content.decode()
        assert answer.status_code == 503 and answer["Retry-After"]
        assert "We cannot make the file just now" in said and "Nothing in your plan is lost" in said
        assert f'href="{page_of(lively)}"' in said
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert sol.get(page_of(lively)).status_code == 200
        assert not Issued.objects.filter(drawn_at__isnull=False).exists()
    assert list(Opening.objects.values_list("what", flat=True)) == ["read"]
    assert sol.get(file_of(lively)).content.startswith(b"%PDF-")


def test_a_full_disk_stops_no_other_plan_from_being_drawn_later(lively, settings, tmp_path):
    settings.HUB_FILES = tmp_path
    with full_disk(tmp_path):
        drawing.draw_what_is_due()
        assert Plan.objects.get(pk=lively.pk).pdf_due
    drawing.draw_what_is_due()
    assert not Plan.objects.get(pk=lively.pk).pdf_due
    assert files.read(Issued.objects.get().sha256)


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_file_that_is_gone_or_damaged_is_drawn_again(lively, amara, solicitor, signed_in, settings, tmp_path, damage):
    settings.HUB_FILES = tmp_path
    let_read(lively, amara, solicitor)
    sol = signed_in(solicitor)
    first = sol.get(file_of(lively)).content
    place = files.place_of(hashlib.sha256(first).hexdigest())
    place.unlink() if damage == "gone" else place.write_bytes(b"%PDF-1.7 something else")
    assert sol.get(file_of(lively)).content == first
