"""What every test may ask for: people, browsers, a mail server, a worker, and a clean house afterwards."""

import os
import threading
import time

import pytest
from django.conf import settings as hub_settings
from django.core.cache import cache
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import override_settings

from tests import doors, emptying, looking
from tests.postbox import Postbox
from tests.strict import Undefined
from tests.workshop import Worker

# Playwright's event loop lives in the test's own thread; Django takes that for async code and refuses the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


# ---------------------------------------------------------------- the house itself
@pytest.fixture(scope="session", autouse=True)
def quick_and_strict():
    """Passwords are hashed fast, and an undefined template variable is an error.

    A live server serves static files itself, so WhiteNoise need not look for them for every test client.
    """
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, WHITENOISE_USE_FINDERS=False), looking.arriving():
        yield


@pytest.fixture(autouse=True)
def nothing_undefined():
    """Catches what a live server drew in another thread.

    Set before each test: one that changes DEBUG makes Django build its template engine anew.
    """
    engines["django"].engine.string_if_invalid = Undefined()
    Undefined.seen.clear()
    yield
    seen, Undefined.seen[:] = list(Undefined.seen), []
    assert not seen, "; ".join(seen)


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker):
    """The test database, on the private PostgreSQL, with a copy of what the migrations wrote."""
    if connection.vendor != "postgresql" or not hub_settings.REDIS_URL:
        pytest.exit("Tests run on real servers: `make test`, or `python tests/servers.py -- pytest tests/...`", 2)
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        emptying.keep_copies()
    with emptying.gentle():
        yield
    with django_db_blocker.unblock():
        emptying.let_go()
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def empty_redis(request):
    """Limits, sessions and doorbells of one test are not there for the next."""
    yield
    uses = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if hub_settings.REDIS_URL and (uses or request.node.get_closest_marker("django_db")):
        cache.clear()


@pytest.fixture
def until():
    """until(lambda: ..., seconds=20): waits for another process, looking every 50 ms; gives back what was true."""

    def wait(condition, seconds: float = 20):
        end, pause = time.monotonic() + seconds, threading.Event()
        while not (found := condition()):
            assert time.monotonic() < end, f"not true within {seconds} s"
            pause.wait(0.05)
        return found

    return wait


# ---------------------------------------------------------------- people
@pytest.fixture
def person(db):
    """person("Amara") makes a parent whose address is verified; more= goes to the user (kind, is_staff ...)."""
    from allauth.account.models import EmailAddress

    from accounts.models import User

    def make(first_name: str, password: str = "a long walk by the canal", **more):
        more.setdefault("email", f"{first_name.casefold()}@example.com")
        user = User.objects.create_user(first_name=first_name, password=password, **more)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    return make


@pytest.fixture
def amara(person):
    return person("Amara")


@pytest.fixture
def ben(person):
    return person("Ben")


@pytest.fixture
def stranger(person):
    """A parent of another family, who must see nothing."""
    return person("Stranger")


@pytest.fixture
def solicitor(person):
    return person("Sol", kind="professional")


@pytest.fixture
def staff(person):
    return person("Stella", kind="staff", is_staff=True)


@pytest.fixture
def signed_in():
    """signed_in(amara): a test client in which that person is signed in."""

    def make(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


# ---------------------------------------------------------------- mail and jobs
@pytest.fixture
def smtp(settings):
    """A real mail server (tests/postbox.py); Django and the worker send to it."""
    box = Postbox().open()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = box.host, box.port, False
    yield box
    box.close()


@pytest.fixture
def process_environment(settings, transactional_db):
    """The environment in which a process of its own works on this test's database, Redis, mail server and files."""
    from urllib.parse import quote

    database = connection.settings_dict
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}",
        "HUB_VAR": str(settings.VAR),
        "HUB_FILES": str(settings.HUB_FILES),
        "HUB_ADDRESS": settings.HUB_ADDRESS,
        "HUB_PLAN_REST_SECONDS": str(int(settings.PLAN_REST.total_seconds())),
    }
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        environment |= {
            "HUB_EMAIL_BACKEND": settings.EMAIL_BACKEND,
            "HUB_SMTP_HOST": settings.EMAIL_HOST,
            "HUB_SMTP_PORT": str(settings.EMAIL_PORT),
            "HUB_SMTP_TLS": "no",
        }
    return environment


@pytest.fixture
def worker(smtp, process_environment):
    """A real Celery worker (tests/workshop.py), already started. It sends to `smtp`."""
    made = Worker(process_environment).start()
    yield made
    made.stop()


# ---------------------------------------------------------------- browsers
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": looking.chromium(),
        "args": [*looking.FLAGS, looking.NOWHERE],
    }


@pytest.fixture(scope="session")
def base_url():
    """None: every window is given the live server's address. (The plugin's own fixture warns under pytest 9.)"""
    return


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(scope="session")
def door():
    with doors.kept(doors.Door()) as door:
        yield door


@pytest.fixture
def site(live_server, settings, transactional_db, door):
    """The hub, answering at site.url; links in mails lead there.

    It answers as long as the test runs: when the windows are closed, and before the database is emptied, what is
    under way ends and nothing new begins (tests/doors.py).
    """
    settings.HUB_ADDRESS = live_server.url
    door.open()
    yield live_server
    door.shut()


@pytest.fixture
def open_browser(site, new_context):
    """open_browser(person=None, javascript=True, width=1280): a page in a browser window of its own.

    Addresses may be given from the root ("/help/"). After the test no page may have had a script error, broken
    the content-security policy, or fetched anything from elsewhere.
    """
    faults: list[list[str]] = []

    def make(person=None, *, javascript: bool = True, width: int = 1280, height: int = 900, **more):
        context = new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            **more,
        )
        if not javascript:
            looking.without_javascript.add(context)
        context.set_default_timeout(10_000)
        context.on("page", lambda page: faults.append(looking.faults_of(page)))
        page = context.new_page()
        if person is not None:
            sign_in(page, person, site.url)
        return page

    yield make
    looking.put_twins_away()
    assert not any(faults), "\n".join(fault for of_page in faults for fault in of_page)


def sign_in(page, user, address: str) -> None:
    """Puts a session into this browser, as if the person had just typed their password."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": user.email, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    name = hub_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@pytest.fixture
def page(open_browser):
    """A window with JavaScript, nobody signed in."""
    return open_browser()


@pytest.fixture
def page_without_js(open_browser):
    """A window in which no script runs, nobody signed in."""
    return open_browser(javascript=False)


@pytest.fixture(params=[True, False], ids=["with-js", "without-js"])
def javascript(request) -> bool:
    """For journeys that must work both ways: open_browser(amara, javascript=javascript)."""
    return request.param


@pytest.fixture
def axe():
    """axe(page): no WCAG 2.2 A or AA violation; gives back axe's further wishes."""
    return looking.axe


@pytest.fixture
def no_sideways_scroll():
    """no_sideways_scroll(page, width=320)."""
    return looking.no_sideways_scroll


@pytest.fixture
def elsewhere():
    """elsewhere(page): pages of other sites open as an empty page; gives back the list of addresses gone to."""

    def watch(page) -> list[str]:
        gone: list[str] = []

        def answer(route):
            gone.append(route.request.url)
            route.fulfill(status=200, content_type="text/html", body="<title>Elsewhere</title>")

        page.context.route(lambda url: "://localhost" not in url and "://127.0.0.1" not in url, answer)
        return gone

    return watch


def pytest_terminal_summary(terminalreporter):
    if looking.advice:
        terminalreporter.section("axe would also like (best practice, not WCAG)")
        for wish, pages in sorted(looking.advice.items()):
            terminalreporter.write_line(f"{wish}: {', '.join(sorted(pages)[:4])}{' ...' if len(pages) > 4 else ''}")
