"""Certificates: when one is given, what is on the paper, who can have it, and what its code tells to anybody."""

import re
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pymupdf
import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub import clock, files, mail, pdf
from hub.codes import code
from hub.models import Notice, OutgoingMail
from programmes import places, tasks
from programmes.actions import certifying
from programmes.models import Case, Certificate, Party, Referral, Taking
from tests import reading
from tests.pdf_rules import verapdf

GIRFC, PTC = "getting-it-right", "planning-together"
AT = datetime(2026, 11, 19, 19, 2, tzinfo=UTC)
CHECK = "/certificate/"
LONG = (
    "Alexandrina Wilhelmina Bartholomea Montgomery-Fotheringham"
    " of the Farthest Northern Islands and All Their Small Harbours"
)
NAMES = {
    "welsh": "Siôn Ŵyn ap Llŷr",
    "polish": "Świętosława Łukaszewicz",
    "vietnamese": "Nguyễn Thị Ngọc Đặng",
    "arabic": "أحمد فاطمة",
    "long": LONG,
}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HUB_FILES = tmp_path


def take(person, programme=GIRFC, finished_at=AT) -> Taking:
    began = AT - timedelta(days=3)
    return Taking.objects.create(
        person=person, programme=programme, started_at=began, last_at=AT, finished_at=finished_at
    )


def refer(person, name="Amara Jane Okafor", reference="ZZ26P00001", lane=0) -> Referral:
    case, _ = Case.objects.get_or_create(reference=reference, defaults={"made_at": AT})
    party = Party.objects.create(case=case, lane=lane, name=name, email=person.email, person=person)
    return Referral.objects.create(
        party=party, programme=PTC, route="court", ordered_on=AT.date(), made_at=AT, joined_at=AT
    )


def attended(referral, at=AT) -> Certificate | None:
    """As booking.record_attendance does."""
    Referral.objects.filter(pk=referral.pk).update(attended_at=at)
    referral.refresh_from_db()
    return certifying.after_attendance(referral, AT)


@pytest.fixture
def given(amara) -> Certificate:
    certificate = certifying.after_learning(take(amara), AT)
    assert certificate is not None
    return certificate


def ask(written: str, client: Client | None = None, **more):
    return (client or Client()).post(CHECK, {"code": written}, **more)


def heading(answer) -> str:
    return re.search(r"<h1[^>]*>([^<]*)</h1>", answer.content.decode())[1]


# ---------------------------------------------------------------- when one is given
def test_getting_it_right_gives_one_at_once(given, amara):
    assert (given.name, given.title, given.issued_at) == ("Amara", "Getting It Right for Children", AT)
    assert len(given.code) == 16 and "marks" not in given.says
    [notice] = Notice.objects.filter(person=amara)
    assert (notice.kind, notice.address) == ("programmes/certificate", f"/learn/{GIRFC}/certificate/")
    [letter] = OutgoingMail.objects.all()
    assert (letter.kind, letter.person, letter.facts) == ("programmes/certificate", amara, {"certificate": given.pk})


def test_finishing_twice_gives_one(given, amara):
    again = certifying.after_learning(Taking.objects.get(person=amara), AT + timedelta(days=1))
    assert again == given and again.issued_at == AT
    assert (Certificate.objects.count(), Notice.objects.count(), OutgoingMail.objects.count()) == (1, 1, 1)


def test_nothing_is_given_before_the_end(amara):
    assert certifying.after_learning(take(amara, finished_at=None), AT) is None
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("programme", ["positive-co-parenting", "separated-parents", "no-such-thing"])
def test_other_programmes_give_none(amara, programme):
    assert certifying.after_learning(take(amara, programme), AT) is None
    with pytest.raises(certifying.NotTaken):
        certifying.issue(amara, programme, "Amara", AT)
    assert not Certificate.objects.exists()


def test_planning_together_needs_learning_and_attendance(amara):
    referral = refer(amara)
    assert certifying.after_learning(take(amara, PTC), AT) is None
    referral.refresh_from_db()
    assert referral.learned_at == AT
    assert not Certificate.objects.exists() and not OutgoingMail.objects.exists()
    certificate = attended(referral)
    assert certificate is not None and certificate.name == "Amara Jane Okafor"


def test_planning_together_in_the_other_order(amara):
    referral = refer(amara)
    assert attended(referral) is None and not Certificate.objects.exists()
    assert certifying.after_learning(take(amara, PTC), AT).name == "Amara Jane Okafor"


def test_what_was_learned_before_the_referral_was_joined_counts(amara):
    take(amara, PTC)
    referral = refer(amara)
    assert attended(referral) is not None
    assert referral.learned_at == AT


def test_a_withdrawn_referral_gives_none(amara):
    referral = refer(amara)
    Referral.objects.filter(pk=referral.pk).update(ended_at=AT, outcome=Referral.Ended.WITHDRAWN, attended_at=AT)
    assert certifying.after_learning(take(amara, PTC), AT) is None
    assert certifying.after_attendance(referral, AT) is None
    assert not Certificate.objects.exists()


def test_attendance_recorded_by_mistake_takes_it_back(amara, signed_in):
    referral = refer(amara)
    take(amara, PTC)
    certificate = attended(referral)
    assert certificate is not None
    assert attended(referral, None) is None
    assert heading(ask(certificate.code)) == "Not known"
    assert signed_in(amara).get(f"/learn/{PTC}/certificate/").status_code == 404
    assert not Notice.objects.exists()
    assert not mail.still_wanted(OutgoingMail.objects.get())
    assert attended(referral) is not None  # and recorded again, it is given again


def test_the_ground_of_another_referral_keeps_it(amara):
    take(amara, PTC)
    first, second = refer(amara), refer(amara, reference="ZZ26P00002")
    certificate = attended(first)
    assert certificate is not None
    assert attended(second, None) is None
    assert Certificate.objects.filter(pk=certificate.pk).exists()


@pytest.mark.slow
def test_the_last_part_and_the_attendance_at_the_same_moment_give_one(transactional_db, amara, person):
    """Neither sees what the other has not committed: the referral's row lock lets the second see both."""
    for number in range(12):
        one = person(f"Parent{number}")
        referral = refer(one, reference=f"ZZ26Q{number:05d}")
        taking = take(one, PTC, finished_at=None)
        at_once, failed = threading.Barrier(2), []

        def learn(taking=taking, at_once=at_once, failed=failed):
            try:
                with transaction.atomic():
                    taking.finished_at = AT
                    taking.save(update_fields=["finished_at"])
                    at_once.wait(10)
                    certifying.after_learning(taking, AT)
            except Exception as error:  # noqa: BLE001
                failed.append(error)
            finally:
                connections.close_all()

        def attend(referral=referral, at_once=at_once, failed=failed):
            try:
                with transaction.atomic():
                    places.hold_referrals(referral.pk)
                    at_once.wait(10)
                    attended(referral)
            except Exception as error:  # noqa: BLE001
                failed.append(error)
            finally:
                connections.close_all()

        both = [threading.Thread(target=work) for work in (learn, attend)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(20)
        assert not failed
        assert Certificate.objects.filter(person=one).count() == 1
        assert Notice.objects.filter(person=one).count() == 1


# ---------------------------------------------------------------- the mail
def test_the_mail_is_neutral(given, amara, smtp):
    mail.relay()
    [letter] = smtp.to(amara.email)
    for kind in ("plain", "html"):
        words = letter.get_body((kind,)).get_content()
        assert not re.search(r"(?i)certificate|course|right for|amara|took part", words)
    assert letter["Subject"] == "You have an update"


# ---------------------------------------------------------------- the paper
def words_of(content: bytes) -> str:
    with pymupdf.open(stream=content) as document:
        assert len(document) == 1
        return " ".join(document[0].get_text().split())


def named(amara, name: str, programme=GIRFC) -> Certificate:
    return Certificate.objects.create(
        person=amara,
        programme=programme,
        code="7F3K29QDXM4TB8WZ",
        name=name,
        title="Getting It Right for Children" if programme == GIRFC else "Planning Together for Children",
        says=str(certifying.SAYS[programme]),
        issued_at=AT,
    )


def test_the_paper_says_what_it_is_and_what_it_is_not(amara, settings):
    settings.HUB_ADDRESS = "https://hub.example"
    said = words_of(certifying.file_of(named(amara, "Amara")))
    for words in (
        settings.HUB_NAME,
        "Certificate of taking part",
        "Amara took part in Getting It Right for Children",
        "Thursday 19 November 2026",
        "7F3K-29QD-XM4T-B8WZ",
        "https://hub.example/certificate/",
        "It is not a court document.",
        "not a judgement of anybody",
        "We did not check it.",
    ):
        assert words in said
    assert "Demonstration" not in said and "score" not in said


def test_the_name_of_planning_together_is_the_referrals(amara):
    said = words_of(certifying.file_of(named(amara, "Amara Jane Okafor", PTC)))
    assert "Amara Jane Okafor took part in Planning Together for Children" in said
    assert "We did not check it" not in said and "the whole workshop" in said


@pytest.mark.timeout(240)
def test_every_name_meets_both_standards_on_one_page(amara, tmp_path):
    asked = []
    for which, name in NAMES.items():
        Certificate.objects.all().delete()
        content = certifying.file_of(named(amara, name))
        (tmp_path / f"{which}.pdf").write_bytes(content)
        asked += [(tmp_path / f"{which}.pdf", "ua1"), (tmp_path / f"{which}.pdf", "3a")]
        said = words_of(content)
        if which == "arabic":  # the file keeps the letters; how they join is in the picture
            assert set("أحمدفاطمة") <= set(said)
        else:
            assert name in said
        assert "cannot print" not in said
    for (file, flavour), verdict in zip(asked, verapdf(*asked), strict=True):
        assert verdict.compliant, f"{file.name} as {flavour}: {verdict.faults}"
    assert len(LONG) == 120


@pytest.mark.parametrize("which", ["welsh", "polish", "vietnamese"])
def test_a_name_is_drawn_with_letters_that_have_their_marks(amara, which):
    """The ink, not the claim: no letter is drawn as one of another name (see tests/hub/test_pdf.py for the trap)."""
    from tests.hub.test_pdf import expected_outlines, outlines_drawn, strokes

    name = NAMES[which]
    page = pdf.draw_page(
        '<!doctype html><html lang="en-GB"><head><title>A name</title><style>@page { @bottom-right { content: none'
        f' !important }} }}</style></head><body><div dir="auto">{name}</div></body></html>'
    )
    assert strokes(outlines_drawn(page.content)) == strokes(expected_outlines(name))
    content = certifying.file_of(named(amara, name))
    with pikepdf.open(BytesIO(content)) as document:
        drawn_with = {str(font.BaseFont) for font in document.pages[0].Resources.Font.values()}
    assert all("Familjen" in font or "Atkinson" in font or "Noto" in font for font in drawn_with)


def test_a_screen_reader_finds_its_way(amara):
    with pikepdf.open(BytesIO(certifying.file_of(named(amara, "Amara")))) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert str(document.docinfo.Title) == "Certificate of taking part: Getting It Right for Children"
        assert "/Author" not in document.docinfo
        assert "20261119190200" in str(document.docinfo.CreationDate)


def test_the_same_certificate_is_the_same_file(amara):
    certificate = named(amara, "Amara")
    first = certifying.file_of(certificate)
    kept = files.place_of(certificate.sha256)
    kept.unlink()
    assert certifying.file_of(Certificate.objects.get()) == first
    assert kept.exists() and Certificate.objects.get().pages == 1


def test_it_is_drawn_once(given, monkeypatch):
    tasks.draw_what_is_due()
    given.refresh_from_db()
    kept = files.read(given.sha256)
    monkeypatch.setattr(pdf, "draw", None)  # a second drawing would break
    assert certifying.file_of(given) == kept
    tasks.draw_what_is_due()


def test_one_that_cannot_be_drawn_stops_no_other(given, ben, monkeypatch):
    other = certifying.after_learning(take(ben), AT)
    usual = pdf.draw

    def draw(template, context):
        if context["certificate"].pk == given.pk:
            raise RuntimeError
        return usual(template, context)

    monkeypatch.setattr(pdf, "draw", draw)
    tasks.draw_what_is_due()
    given.refresh_from_db()
    other.refresh_from_db()
    assert not given.sha256 and other.sha256


def test_the_worker_draws_it_and_sends_the_mail(worker, smtp, amara, until):
    certificate = certifying.after_learning(take(amara), clock.now())

    def drawn():
        certificate.refresh_from_db()
        return certificate.sha256

    assert files.read(until(drawn)) is not None
    [letter] = smtp.wait_for(1)
    assert letter["Subject"] == "You have an update" and smtp.to(amara.email) == [letter]


# ---------------------------------------------------------------- whose it is
@pytest.mark.parametrize("name", ["programmes:certificate", "programmes:certificate_pdf"])
def test_only_its_owner_finds_it(given, amara, ben, staff, solicitor, signed_in, name):
    address = reverse(name, args=[GIRFC])
    assert signed_in(amara).get(address).status_code == 200
    for other in (ben, staff, solicitor):
        assert signed_in(other).get(address).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")
    assert signed_in(amara).get(reverse(name, args=[PTC])).status_code == 404
    assert signed_in(amara).post(address).status_code == 405


def test_the_file_is_kept_by_nobody_and_has_a_neutral_name(given, amara, signed_in):
    answer = signed_in(amara).get(f"/learn/{GIRFC}/certificate.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert answer["Cache-Control"] == "no-store"


def test_a_full_disk_is_told_plainly(given, amara, signed_in, monkeypatch):
    def full(content):
        raise files.NoRoom(28, "a file could not be kept")

    monkeypatch.setattr(files, "keep", full)
    answer = signed_in(amara).get(f"/learn/{GIRFC}/certificate.pdf")
    assert answer.status_code == 503 and answer["Retry-After"] == "300"
    assert "Your certificate is safe" in answer.content.decode()


def test_pages_ask_few_questions(given, amara, signed_in):
    client = signed_in(amara)
    certifying.file_of(given)
    for address in (f"/learn/{GIRFC}/certificate/", f"/learn/{GIRFC}/certificate.pdf"):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 6, [query["sql"] for query in asked]


def test_a_closed_account_leaves_a_code_that_can_be_checked(given, amara):
    amara.delete()
    assert heading(ask(given.code)) == "Genuine"


# ---------------------------------------------------------------- its code
def test_a_genuine_code_tells_the_course_and_the_day_and_no_name(given):
    said = ask(str(given)).content.decode()
    assert "given here for Getting It Right for Children, on Thursday 19 November 2026." in said
    assert not re.search(r"(?i)amara|example\.com", said)


def test_a_name_from_a_referral_is_not_told(amara):
    take(amara, PTC)
    certificate = attended(refer(amara, name="Canary Nightingale"))
    assert not re.search(r"(?i)canary|nightingale|amara|ZZ26P", ask(certificate.code).content.decode())


def test_spaces_dashes_small_letters_and_look_alikes_are_forgiven(given):
    plain = given.code
    for written in (plain.lower(), f"  {str(given).replace('-', ' - ')} ", plain.replace("0", "o").replace("1", "l")):
        assert heading(ask(written)) == "Genuine"


def test_every_unknown_code_gets_the_same_bytes(given):
    answers = {ask(code(16), REMOTE_ADDR=f"192.0.2.{number}").content for number in range(30)}
    assert len(answers) == 1


def test_an_unknown_code_costs_the_same_question(given):
    counts = set()
    for written in (code(16), code(16), given.code):
        with CaptureQueriesContext(connection) as asked:
            ask(written)
        counts.add(len(asked))
    assert counts == {1}


def test_a_thousand_guesses_hit_nothing_and_the_limit_holds(given):
    hits = [heading(ask(code(16), REMOTE_ADDR=f"198.51.{n // 250}.{n % 250}")) for n in range(1000)]
    assert set(hits) == {"Not known"}
    cache.clear()
    through = [ask(code(16)).status_code for _ in range(40)]
    assert through.count(200) == 10 and set(through[10:]) == {429}
    assert ask(given.code).status_code == 429
    assert Client().get(CHECK).status_code == 200


@pytest.mark.parametrize("written", ["", "ABCD", "UUUU-UUUU-UUUU-UUUU", "é" * 16, "x" * 5000, "\x00" * 16])
def test_what_is_no_code_is_said_beside_the_field(db, written):
    answer = ask(written)
    said = answer.content.decode()
    assert answer.status_code == 200 and heading(answer) == "Check a certificate"
    assert 'href="#id_code"' in said and 'id="id_code_error"' in said and "<title>Error:" in said


def test_no_cookie_is_set_and_none_is_needed(given):
    strict = Client(enforce_csrf_checks=True)
    for answer in (strict.get(CHECK), ask(given.code, strict), ask("0" * 16, strict), ask("no", strict)):
        assert answer.status_code == 200 and not answer.cookies
    assert ask(given.code)["Cache-Control"] == "no-store"
    assert heading(Client().get(CHECK, {"code": given.code})) == "Check a certificate"


# ---------------------------------------------------------------- in a browser, and how hard it is to read
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_in_a_browser(transactional_db, amara, open_browser, axe, no_sideways_scroll, javascript, width):
    amara.first_name = NAMES["vietnamese"]
    amara.save()
    certificate = certifying.after_learning(take(amara), AT)
    certifying.file_of(certificate)  # as the worker would have
    page = open_browser(amara, javascript=javascript, width=width)
    page.goto(f"/learn/{GIRFC}/certificate/")
    assert page.get_by_role("heading", level=1).inner_text() == "Your certificate"
    axe(page)
    no_sideways_scroll(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save it as a file (PDF)").click()
    assert saved.value.suggested_filename == "certificate.pdf"
    public = open_browser(javascript=javascript, width=width)
    public.goto(CHECK)
    axe(public)
    public.get_by_label("Certificate code").fill("ABCD")
    public.get_by_role("button", name="Check this code").click()
    axe(public)
    public.get_by_label("Certificate code").fill(str(certificate).lower())
    public.get_by_role("button", name="Check this code").click()
    assert public.get_by_role("heading", level=1).inner_text() == "Genuine"
    axe(public)
    no_sideways_scroll(public)
    assert not public.context.cookies()


def test_the_words_are_easy(given, amara, signed_in, monkeypatch):
    pages = [signed_in(amara).get(f"/learn/{GIRFC}/certificate/"), Client().get(CHECK)]
    pages += [ask(given.code), ask("0" * 16)]
    monkeypatch.setattr(files, "keep", lambda content: (_ for _ in ()).throw(files.NoRoom(28, "full")))
    pages.append(signed_in(amara).get(f"/learn/{GIRFC}/certificate.pdf"))
    for answer in pages:
        found = reading.read(answer.content.decode())
        assert found.grade <= 5, (heading(answer), found)
        assert found.longest_words <= 25, found.longest
