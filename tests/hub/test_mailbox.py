"""The on-screen mailbox shows every mail in development, and is not there at all anywhere else."""

import runpy

import pytest
from django.core import mail as django_mail
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from hub import mailbox, mailbox_urls
from hub.urls import urlpatterns as everything

urlpatterns = [*everything, *mailbox_urls.addresses]


@pytest.fixture
def kept_here(settings, tmp_path):
    settings.DEBUG = True
    settings.VAR = settings.STATIC_ROOT = tmp_path
    settings.EMAIL_BACKEND = "hub.mailbox.Backend"
    settings.ROOT_URLCONF = __name__
    return tmp_path / "mailbox"


def send(subject="You have an update", to="amara@example.com", html="<p style='margin:0'>Hello <b>Amara</b></p>"):
    message = django_mail.EmailMultiAlternatives(subject, "Hello\n\nSee https://hub.example/home/", to=[to])
    message.attach_alternative(html, "text/html")
    assert message.send() == 1


def test_each_mail_becomes_a_file_byte_for_byte(kept_here):
    send()
    (file,) = kept_here.iterdir()
    assert file.suffix == ".eml"
    assert b"\r\nSubject: You have an update\r\n" in file.read_bytes()


@pytest.mark.django_db
def test_the_newest_mail_stands_first_and_opens(kept_here, client):
    assert "Nothing has come yet" in client.get("/mailbox/").content.decode()
    send(to="amara@example.com")
    send(to="ben@example.com")
    listed = client.get("/mailbox/").content.decode()
    assert listed.index("ben@example.com") < listed.index("amara@example.com")
    shown = client.get(f"/mailbox/{mailbox.newest()[0].id}/").content.decode()
    assert '<a href="https://hub.example/home/"' in shown
    assert "ben@example.com" in shown


@pytest.mark.django_db
def test_the_html_part_is_a_page_of_its_own_that_may_do_nothing(kept_here, client):
    send(html="<p style='color:red'>Hello</p><script>alert(1)</script>")
    answer = client.get(f"/mailbox/{mailbox.newest()[0].id}/html/")
    assert "style='color:red'" in answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == mailbox.OUTSIDE
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "unsafe-inline" not in client.get("/mailbox/").headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["00000000000000000001-00000000", "..%2F..%2Fetc%2Fpasswd", "x", "%00", "a" * 3000])
def test_a_mail_that_is_not_there_is_not_found(kept_here, client, name):
    send()
    assert client.get(f"/mailbox/{name}/").status_code == 404
    assert client.get(f"/mailbox/{name}/html/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("switch", [{"DEBUG": False}, {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}])
def test_the_pages_are_not_there_outside_development(kept_here, client, settings, switch):
    send()
    name = mailbox.newest()[0].id
    for setting, value in switch.items():
        setattr(settings, setting, value)
    for address in ("/mailbox/", f"/mailbox/{name}/", f"/mailbox/{name}/html/"):
        assert client.get(address).status_code == 404


def test_the_backend_refuses_to_start_outside_development(kept_here, settings):
    settings.DEBUG = False
    with pytest.raises(ImproperlyConfigured, match="HUB_EMAIL_BACKEND"):
        send()


def test_the_deploy_check_says_so_too(kept_here, settings):
    def found():
        return [problem.id for problem in run_checks(tags=["security"], include_deployment_checks=True)]

    assert "hub.E001" not in found()
    settings.DEBUG = False
    assert "hub.E001" in found()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "hub.E001" not in found()


@pytest.mark.parametrize(
    ("debug", "backend", "wanted"),
    [
        (True, "hub.mailbox.Backend", True),
        (False, "hub.mailbox.Backend", False),
        (True, "django.core.mail.backends.smtp.EmailBackend", False),
    ],
)
def test_it_has_addresses_only_in_development_with_this_backend(settings, debug, backend, wanted):
    settings.DEBUG, settings.EMAIL_BACKEND = debug, backend
    assert mailbox.wanted() is wanted
    assert bool(runpy.run_path(mailbox_urls.__file__)["urlpatterns"]) is wanted
