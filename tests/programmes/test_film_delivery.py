"""A film comes in pieces when it is asked for in pieces, and begins at once on a slow phone. On the real web server."""

import os
import socket
import subprocess
import sys
import urllib.request

import pytest
from django.conf import settings

FILM = "/static/films/late-badly"
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """gunicorn and WhiteNoise as `make run` starts them; films need no database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "hub/deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=settings.HOUSE, env={**os.environ, "HUB_WEB_PROCESSES": "1"})
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(30)


@pytest.fixture
def up(web, until):
    """Its address, once it answers."""

    def answers():
        try:
            return urllib.request.urlopen(f"{web}/healthz", timeout=5).status == 200
        except OSError:
            return False

    until(answers, seconds=60)
    return web


def piece(address: str, asked: str):
    request = urllib.request.Request(address, headers={"Range": asked})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize("ending", ["mp4", "webm"])
def test_a_piece_of_a_film_can_be_asked_for(up, ending):
    whole = (settings.HOUSE / "static" / "films" / f"late-badly.{ending}").read_bytes()
    status, headers, got = piece(f"{up}{FILM}.{ending}", "bytes=1000-1999")
    assert (status, got) == (206, whole[1000:2000])
    assert headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
    status, _, got = piece(f"{up}{FILM}.{ending}", "bytes=-500")
    assert (status, got) == (206, whole[-500:])


def test_a_film_begins_within_a_second_on_a_slow_phone(up, new_context):
    """1.6 Mbit/s and 150 ms to the server, on a processor a quarter as fast: from the press to the first picture.

    Pressed at once, before the browser has fetched anything of the film.
    """
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{up}/help/")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    took = page.evaluate(
        """async (film) => {
            const video = document.createElement("video");
            Object.assign(video, { muted: true, preload: "metadata" });
            for (const [ending, type] of [["webm", "video/webm"], ["mp4", "video/mp4"]]) {
                const source = document.createElement("source");
                Object.assign(source, { src: `${film}.${ending}`, type });
                video.append(source);
            }
            document.querySelector("main").prepend(video);
            const pressed = performance.now();
            const playing = new Promise(done => video.addEventListener("playing", done));
            video.play();
            await playing;
            return performance.now() - pressed;
        }""",
        FILM,
    )
    assert took < 1000, f"{took:.0f} ms"
