"""Outgoing links are asked whether they are still there, of a real server with a certificate of its own."""

import datetime as dt
import ipaddress
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.urls import reverse

from articles.models import Article, Edition
from hub import clock, editions, links
from hub.links import State

NAME = "a test"


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """A certificate for this machine, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(here), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("papers") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


class Other(BaseHTTPRequestHandler):
    """Another site. What it answers stands in the address: /200, /404, /get-only, /moved, /round, /slow."""

    def do_HEAD(self):
        self.asked("HEAD")

    def do_GET(self):
        self.asked("GET")

    def asked(self, method: str) -> None:
        told = self.server
        with told.lock:
            told.asked.append((method, self.path, self.headers["User-Agent"]))
            told.now += 1
            told.most_at_once = max(told.most_at_once, told.now)
        try:
            self.answer(method)
        finally:
            with told.lock:
                told.now -= 1

    def answer(self, method: str) -> None:
        what = self.path.strip("/").partition("?")[0]
        if what == "slow":
            self.server.gate.wait(5)
        code = {"get-only": 405 if method == "HEAD" else 200, "moved": 301, "for-now": 302, "round": 302, "slow": 200}
        self.send_response(code.get(what) or int(what))
        if what in {"moved", "for-now", "round"}:
            self.send_header("Location", "/round" if what == "round" else "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def other(papers, monkeypatch):
    """A site that answers over HTTPS at other.at; this machine trusts its certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(papers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    server.lock, server.gate = threading.Lock(), threading.Event()
    server.asked, server.now, server.most_at_once = [], 0, 0
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.at = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state", "said", "methods"),
    [
        ("/200", State.THERE, "", ["HEAD"]),
        ("/200#part-two", State.THERE, "", ["HEAD"]),
        ("/get-only", State.THERE, "", ["HEAD", "GET"]),
        ("/for-now", State.THERE, "", ["HEAD", "GET"]),
        ("/moved", State.MOVED, "to {at}/200", ["HEAD", "GET"]),
        ("/404", State.GONE, "it answers 404", ["HEAD", "GET"]),
        ("/410", State.GONE, "it answers 410", ["HEAD", "GET"]),
        ("/403", State.LOOK, "it answers 403", ["HEAD", "GET"]),
        ("/500", State.LOOK, "it answers 500", ["HEAD", "GET"]),
    ],
    ids="there anchor get-only for-now moved 404 410 403 500".split(),
)
def test_an_answer_is_told_in_a_word(other, path, state, said, methods):
    answer = links.ask_all([other.at + path], name=NAME)[other.at + path]
    assert (answer.state, answer.said) == (state, said.format(at=other.at))
    assert [method for method, _path, _name in other.asked] == methods
    assert {name for *_rest, name in other.asked} == {NAME}


def test_a_site_that_sends_round_in_circles_is_looked_at_by_hand(other):
    assert links.ask(f"{other.at}/round", name=NAME).state is State.LOOK


def test_nobody_waits_for_a_slow_site(other):
    answer = links.ask(f"{other.at}/slow", name=NAME, seconds=0.2)
    assert (answer.state, answer.said) == (State.SILENT, "no answer in time")


def test_a_certificate_that_is_not_right_is_looked_at_by_hand(other, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    answer = links.ask(f"{other.at}/200", name=NAME)
    assert answer.state is State.LOOK
    assert "certificate" in answer.said


def test_a_site_is_asked_one_thing_at_a_time_with_a_rest_between(other):
    began = time.monotonic()
    links.ask_all([f"{other.at}/200?{number}" for number in range(4)], name=NAME, rest=0.1)
    assert time.monotonic() - began >= 0.3
    assert other.most_at_once == 1
    assert len(other.asked) == 4


def test_a_site_that_does_not_answer_is_not_asked_for_the_rest():
    nowhere = "https://127.0.0.1:1"
    found = links.ask_all([f"{nowhere}/a", f"{nowhere}/b"], name=NAME, rest=30)
    assert [answer.state for answer in found.values()] == [State.SILENT, State.SILENT]
    assert list(found) == [f"{nowhere}/a", f"{nowhere}/b"]


def test_addresses_are_found_wherever_they_stand():
    words = {
        "body": "Read [this](https://a.example/one_(two)), and **https://b.example/x.** Then /help/ or https://c.example?",
        "links": [{"url": "https://d.example/#part", "text": "D"}],
        "order": 3,
    }
    assert list(links.addresses_in(words)) == [
        "https://a.example/one_(two)",
        "https://b.example/x",
        "https://c.example",
        "https://d.example/#part",
    ]


# ---------------------------------------------------------------- the command


@pytest.fixture
def only(db):
    """only("/200", ...): the only thing with outgoing links is one article with these."""
    from programmes.models import Chapter

    def make(*addresses: str) -> Article:
        Chapter.objects.update(withdrawn=True)
        Article.objects.update(withdrawn=True)
        held = Article.objects.first()
        Article.objects.filter(pk=held.pk).update(withdrawn=False)
        sources = [{"text": "A source", "url": address} for address in addresses]
        bare = {name: value for name, value in held.current.words.items() if name not in {"links", "also"}}
        words = {**bare, "body": "Words.", "safety": "Words.", "sources": sources or [{"text": "A book"}]}
        made = editions.add_edition(held, words, source=Edition.Source.STAFF, at=clock.now())
        editions.publish(made, at=clock.now())
        return held

    return make


def test_the_command_names_what_is_gone_and_where_it_stands(other, only, capsys, settings):
    settings.HUB_ADDRESS = "https://hub.example"
    held = only(f"{other.at}/200", f"{other.at}/404", f"{other.at}/moved", f"{other.at}/403")
    with pytest.raises(CommandError, match="One is gone") as error:
        call_command("check_links", rest=0)
    assert error.value.returncode == 1
    said = capsys.readouterr().out
    desk = f"https://hub.example{reverse('admin:articles_article_change', args=[held.pk])}"
    assert f"Gone (1)\n  {other.at}/404: it answers 404\n    in {held}: {desk}\n" in said
    assert f"Moved for good (1)\n  {other.at}/moved: to {other.at}/200\n" in said
    assert f"To be looked at by hand (1)\n  {other.at}/403: it answers 403\n" in said
    assert "1 of 4 links are where they were." in said
    assert "https://hub.example" in other.asked[0][2]  # who asks can be found


def test_the_command_is_content_when_all_are_there(other, only, capsys):
    only(f"{other.at}/200", f"{other.at}/get-only")
    call_command("check_links", rest=0)
    assert capsys.readouterr().out == "\n2 of 2 links are where they were.\n"
    only()
    call_command("check_links")
    assert capsys.readouterr().out == "There is no outgoing link.\n"


def test_without_a_network_the_command_says_so(only):
    only("https://127.0.0.1:1/a", "https://127.0.0.1:1/b")
    with pytest.raises(CommandError, match="There is no network here") as error:
        call_command("check_links")
    assert error.value.returncode == 2
