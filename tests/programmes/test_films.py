"""The films of the lessons: whole, small, readable, and the same as the stories they were made from."""

import re
import struct
import tomllib
from pathlib import Path

import pytest

from programmes import kinds
from programmes.films import make
from tests import reading

FILMS = make.FILMS
CONTENT = Path(kinds.__file__).parent / "content"
ENDINGS = ("mp4", "webm", "vtt", "jpg", "txt")
MOST_BYTES, MOST_BYTES_OF_ALL = 2_500_000, 16_000_000
FASTEST = 17  # letters a second
OURS = [
    f"{story}-{way}"
    for story in ("late", "parents-evening", "summer-dates", "late-text")
    for way in ("badly", "better")
]


def named_in_content() -> set[str]:
    """Every film a lesson shows."""
    steps = [step for path in CONTENT.glob("*/*.toml") for step in tomllib.loads(path.read_text()).get("step", [])]
    fields = [(step, field) for step in steps for field in kinds.KINDS[step["kind"]].fields if field.kind == "film"]
    return {step[field.name] for step, field in fields if field.name in step}


ALL = sorted({*OURS, *named_in_content()})
films = pytest.mark.parametrize("slug", ALL)


def boxes(data: bytes) -> list[tuple[str, bytes]]:
    """The boxes of an MP4, in their order: name and what is inside."""
    found, at = [], 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        assert size >= 8, "this is no MP4"
        found.append((name.decode("ascii"), data[at + 8 : at + size]))
        at += size
    return found


def length_of(slug: str) -> float:
    """How many seconds an MP4 says it lasts."""
    moov = dict(boxes((FILMS / f"{slug}.mp4").read_bytes()))["moov"]
    mvhd = dict(boxes(moov))["mvhd"]
    scale, duration = struct.unpack_from(">QQIQ", mvhd, 4)[2:] if mvhd[0] else struct.unpack_from(">4I", mvhd, 4)[2:]
    return duration / scale


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def cues_of(slug: str) -> list[tuple[float, float, list[str]]]:
    head, *blocks = (FILMS / f"{slug}.vtt").read_text("utf-8").strip().split("\n\n")
    assert head == "WEBVTT"
    cues = []
    for block in blocks:
        times, *lines = block.split("\n")
        start, end = re.fullmatch(r"(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})", times).groups()
        cues.append((seconds(start), seconds(end), lines))
    return cues


# ---------------------------------------------------------------- the files
@films
def test_a_film_has_all_its_files_and_none_is_large(slug):
    for ending in ENDINGS:
        size = (FILMS / f"{slug}.{ending}").stat().st_size
        assert 0 < size <= MOST_BYTES, f"{slug}.{ending} has {size} bytes"


def test_all_films_together_stay_small():
    assert sum(path.stat().st_size for path in FILMS.iterdir()) <= MOST_BYTES_OF_ALL


def test_there_is_no_file_without_a_film():
    assert {path.name for path in FILMS.iterdir()} == {f"{slug}.{ending}" for slug in ALL for ending in ENDINGS}


@films
def test_a_film_lasts_about_a_minute_and_starts_before_it_is_all_there(slug):
    assert 40 <= length_of(slug) <= 90
    order = [name for name, _inside in boxes((FILMS / f"{slug}.mp4").read_bytes())]
    assert order.index("moov") < order.index("mdat"), "a phone would have to fetch the whole film before it plays"


@films
def test_a_film_has_pictures_and_no_sound(slug):
    film = (FILMS / f"{slug}.mp4").read_bytes()
    assert b"avc1" in film and b"vide" in film and b"soun" not in film
    other = (FILMS / f"{slug}.webm").read_bytes()
    assert other[:4] == b"\x1a\x45\xdf\xa3" and b"V_VP9" in other and b"A_OPUS" not in other
    assert (FILMS / f"{slug}.jpg").read_bytes()[:3] == b"\xff\xd8\xff"


# ---------------------------------------------------------------- the words
@films
def test_captions_follow_each_other_within_the_film(slug):
    ended = 0.0
    for start, end, lines in cues_of(slug):
        assert ended <= start < end, f"{lines} overlaps or runs backwards"
        ended = end
    assert ended <= length_of(slug)


@films
def test_captions_can_be_read_in_the_time_they_stay(slug):
    for start, end, lines in cues_of(slug):
        text = " ".join(lines)
        assert end - start >= 1.5 and len(text) / (end - start) <= FASTEST, f"too quick: {text}"
        assert len(lines) <= make.LINES and max(map(len, lines)) <= make.LINE, f"too wide: {lines}"


@films
def test_the_transcript_holds_the_words_of_the_captions(slug):
    told = (FILMS / f"{slug}.txt").read_text("utf-8").splitlines()
    assert told == [" ".join(lines) for _start, _end, lines in cues_of(slug)]


@films
def test_the_words_are_easy_to_read(slug):
    told = (FILMS / f"{slug}.txt").read_text("utf-8").splitlines()
    found = reading.read("<main>" + "".join(f"<p>{line.strip('[]')}</p>" for line in told) + "</main>")
    assert found.longest_words <= 20, found.longest
    assert found.grade <= 6


# ---------------------------------------------------------------- made from the stories
@pytest.fixture
def stage(new_context):
    page = new_context().new_page()
    make.prepare(page)
    return page


def test_words_and_length_are_those_of_the_story(stage):
    """Whoever changes a story makes its film again."""
    assert sorted(stage.evaluate("Object.keys(FILMS)")) == ALL
    for slug in ALL:
        cues = stage.evaluate("slug => captionsOf(slug)", slug)
        written = [(make.clock(cue["start"]), make.clock(cue["end"]), make.lines_of(cue["text"])) for cue in cues]
        assert [(seconds(start), seconds(end), lines) for start, end, lines in written] == cues_of(slug), slug
        assert length_of(slug) == pytest.approx(stage.evaluate("slug => FILMS[slug].length", slug), abs=0.1), slug


def test_scenes_are_those_the_maker_draws(stage):
    for name, drawn in stage.evaluate(make.SCENES).items():
        assert (make.PICTURES / f"{name}.svg").read_text() == drawn, f"make {name} again"
        assert len(drawn) <= 9_000


# ---------------------------------------------------------------- on a page
@pytest.mark.parametrize("ending", ["mp4", "webm"])
def test_a_film_plays_and_its_captions_show(site, open_browser, ending):
    page = open_browser()
    page.goto(site.url + "/help/")
    # The page's security policy allows no wait_for_function, so the page itself says when the film has moved on.
    seen = page.evaluate(
        """async ([film, captions]) => {
            const video = document.createElement("video"), track = document.createElement("track");
            Object.assign(video, { muted: true, src: film });
            Object.assign(track, { kind: "captions", srclang: "en", src: captions, default: true });
            video.append(track);
            document.querySelector("main").prepend(video);
            await video.play();
            return new Promise((done) => {
                video.addEventListener("timeupdate", () => {
                    const now = track.track.activeCues || [];
                    if (video.currentTime > 0.5 && now.length)
                        done({ words: now[0].text, size: [video.videoWidth, video.videoHeight] });
                });
            });
        }""",
        [f"/static/films/late-badly.{ending}", "/static/films/late-badly.vtt"],
    )
    assert seen == {"words": "[Late, in the rain. Friday, 5:40 pm.]", "size": [make.WIDTH, make.HEIGHT]}
