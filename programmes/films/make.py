"""Makes the films and the still scenes of the lessons from the files beside it.

    .venv/bin/python -m programmes.films.make                    all films
    .venv/bin/python -m programmes.films.make late-badly         one film, or several
    .venv/bin/python -m programmes.films.make scenes             the scenes in static/img
    .venv/bin/python -m programmes.films.make --words            only captions, transcript and poster
    .venv/bin/python -m programmes.films.make --look late-badly  a sheet of frames in var/, to look at

A story (stories/*.js) says which people stand where, what they do and what they say. Headless Chromium draws it frame
by frame, ffmpeg makes an .mp4 (H.264) and a .webm (VP9) of the frames, and the same story gives the captions (.vtt),
the transcript (.txt) and the poster (.jpg). So pictures and words cannot differ.

The films have no sound track. The words are captions, so a parent can watch in a room where somebody sleeps, and the
words can be made large, translated, or read out by a screen reader.

What it makes is kept in the repository: nobody needs Chromium or ffmpeg to run the hub.
"""

import base64
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent.parent / "static"
FILMS, PICTURES, FONTS = STATIC / "films", STATIC / "img", STATIC / "fonts"
WIDTH, HEIGHT, A_SECOND = 960, 540, 12
LINE, LINES = 37, 2  # letters in a line of a caption, and lines in a caption at most
FACES = {
    "Head": ("familjen-grotesk-latin-700-normal.woff2", 700),
    "Body": ("atkinson-hyperlegible-next-latin-400-normal.woff2", 400),
}
SCENES = "Object.fromEntries(Object.keys(SCENES).map(name => [name, scene(name)]))"


class CannotMake(Exception):
    """Something is missing or too long. Says what to do."""


# ---------------------------------------------------------------- the tools
def tool(names: str, package: str) -> str:
    for name in names.split():
        if path := shutil.which(name):
            return path
    raise CannotMake(f"The films need {names.split()[0]}. Install it as root: apt-get install {package}")


def prepare(page) -> None:
    """Makes this page a stage: the stories are known, and show(film, second) draws."""
    faces = "".join(
        f"@font-face{{font-family:{name};font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{base64.b64encode((FONTS / file).read_bytes()).decode()})}}"
        for name, (file, weight) in FACES.items()
    )
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.set_content(
        f"<style>{faces}body{{margin:0}}svg{{display:block}}</style><svg id=stage width={WIDTH} height={HEIGHT}"
        f" viewBox='0 0 {WIDTH} {HEIGHT}'><text font-family=Head font-weight=700>.</text><text font-family=Body>."
        "</text></svg>"
    )
    scripts = [HERE / f"{name}.js" for name in ("draw", "places", "scenes", "stage")]
    for script in [*scripts, *sorted(HERE.glob("stories/*.js"))]:
        page.add_script_tag(content=script.read_text())
    page.evaluate("document.fonts.ready.then(() => true)")


@contextmanager
def stage():
    """A page of a browser of its own, prepared."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise CannotMake("The films need Playwright: install the dev dependencies of pyproject.toml") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=tool("chromium chromium-browser google-chrome", "chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page = browser.new_page()
        page.on("pageerror", lambda error: sys.stderr.write(f"{error}\n"))
        try:
            prepare(page)
            yield page
        finally:
            browser.close()


# ---------------------------------------------------------------- words, and the poster
def lines_of(text: str) -> list[str]:
    """A caption in one line, or in two: broken where a sentence ends or a comma stands, else near the middle."""
    if len(text) <= LINE:
        return [text]
    words = text.split(" ")
    pairs = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    fitting = [pair for pair in pairs if max(map(len, pair)) <= LINE]
    if not fitting:
        raise CannotMake(f"Too long for a caption: say it in two. {text!r}")
    return list(min(fitting, key=lambda pair: abs(len(pair[0]) - len(pair[1])) - 16 * (pair[0][-1] in ".,?!:;")))


def clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def make_words(page, slug: str) -> None:
    FILMS.mkdir(exist_ok=True)
    cues = page.evaluate("slug => captionsOf(slug)", slug)
    blocks = [f"{clock(cue['start'])} --> {clock(cue['end'])}\n" + "\n".join(lines_of(cue["text"])) for cue in cues]
    (FILMS / f"{slug}.vtt").write_text("WEBVTT\n\n" + "\n\n".join(blocks) + "\n")
    (FILMS / f"{slug}.txt").write_text("".join(f"{cue['text']}\n" for cue in cues))
    page.evaluate("slug => show(slug, FILMS[slug].poster)", slug)
    (FILMS / f"{slug}.jpg").write_bytes(page.screenshot(type="jpeg", quality=82))


# ---------------------------------------------------------------- pictures
def shots(page, slug: str, a_second: int):
    """The frames of a film as JPEG, one after the other. A frame that shows nothing new is not taken again."""
    length, taken = page.evaluate("slug => FILMS[slug].length", slug), b""
    for number in range(round(length * a_second)):
        if page.evaluate("([slug, t]) => show(slug, t)", [slug, number / a_second]) or not taken:
            taken = page.screenshot(type="jpeg", quality=95)
        yield taken


def encode(frames: list[bytes], target: Path, *how: str) -> None:
    ffmpeg = tool("ffmpeg", "ffmpeg")
    take = [ffmpeg, "-v", "error", "-y", "-f", "image2pipe", "-framerate", str(A_SECOND), "-c:v", "mjpeg", "-i", "-"]
    colours = ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-colorspace", "bt709"]
    tags = ["-color_primaries", "bt709", "-color_trc", "bt709", "-map_metadata", "-1", "-fflags", "+bitexact", "-an"]
    done = subprocess.run([*take, *colours, *tags, *how, str(target)], input=b"".join(frames), check=False)
    if done.returncode:
        raise CannotMake(f"ffmpeg could not make {target.name}")


def make_film(page, slug: str) -> None:
    make_words(page, slug)
    frames = list(shots(page, slug, A_SECOND))
    # A key frame every ten seconds, so that going back a little is quick.
    often = str(10 * A_SECOND)
    h264 = [*"-c:v libx264 -preset fast -tune animation -crf 31 -g".split(), often, "-movflags", "+faststart"]
    vp9 = [*"-c:v libvpx-vp9 -b:v 0 -crf 44 -deadline good -cpu-used 5 -row-mt 1 -g".split(), often]
    with ThreadPoolExecutor() as both:
        made = [
            both.submit(encode, frames, FILMS / f"{slug}.{end}", *how) for end, how in (("mp4", h264), ("webm", vp9))
        ]
    for each in made:
        each.result()
    sizes = ", ".join(f"{end} {(FILMS / f'{slug}.{end}').stat().st_size // 1024} KB" for end in ("mp4", "webm", "jpg"))
    sys.stdout.write(f"{slug}: {len(frames) / A_SECOND:.1f} s, {sizes}\n")


def look(page, slug: str) -> None:
    """One frame every two seconds, on one sheet, with nothing written to static/."""
    sheet = HERE.parent.parent / "var" / f"{slug}.png"
    sheet.parent.mkdir(exist_ok=True)
    cues = page.evaluate("slug => captionsOf(slug)", slug)
    for cue in cues:
        lines_of(cue["text"])
    length = page.evaluate("slug => FILMS[slug].length", slug)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(int(length / 2) + 1):
            page.evaluate("([slug, t]) => show(slug, t)", [slug, number * 2])
            (Path(folder) / f"{number:03}.jpg").write_bytes(page.screenshot(type="jpeg", quality=90))
        tile = ["-vf", f"scale=384:-1,tile=5x{-(-(int(length / 2) + 1) // 5)}:padding=4", "-frames:v", "1"]
        take = [tool("ffmpeg", "ffmpeg"), "-v", "error", "-y", "-i", f"{folder}/%03d.jpg", *tile, str(sheet)]
        subprocess.run(take, check=True)
    sys.stdout.write(f"{slug}: {length:.1f} s, {len(cues)} captions, {sheet}\n")


def make_scenes(page) -> None:
    for name, drawn in page.evaluate(SCENES).items():
        (PICTURES / f"{name}.svg").write_text(drawn)
        sys.stdout.write(f"{name}.svg: {len(drawn)} bytes\n")


def main(asked: list[str]) -> int:
    try:
        with stage() as page:
            known = page.evaluate("Object.keys(FILMS)")
            how = {"--look": look, "--words": make_words}
            makers = [how[name] for name in asked if name in how] or [make_film]
            asked = [name for name in asked if name not in how]
            if unknown := set(asked) - {*known, "scenes"}:
                raise CannotMake(f"No such film: {', '.join(sorted(unknown))}. There are: {', '.join(known)}")
            for name in asked or known:
                if name == "scenes":
                    make_scenes(page)
                else:
                    for maker in makers:
                        maker(page, name)
    except CannotMake as why:
        sys.stderr.write(f"{why}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
