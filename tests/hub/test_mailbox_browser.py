"""The on-screen mailbox in a browser: it can be read by everybody, and its mail leads on."""

import pytest

from hub import mail, mailbox, mailbox_urls
from hub.urls import urlpatterns as everything

urlpatterns = [*everything, *mailbox_urls.addresses]


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_found_read_seen_as_it_looks_and_followed(
    site, settings, tmp_path, open_browser, axe, no_sideways_scroll, javascript
):
    settings.DEBUG, settings.ROOT_URLCONF = True, __name__
    settings.EMAIL_BACKEND, settings.VAR = "hub.mailbox.Backend", tmp_path
    long = "somebody.with.a.very.long.address@a-very-long-host-name.example.com"
    page = open_browser(javascript=javascript, width=390)

    def fits():
        if javascript:
            axe(page)
            no_sideways_scroll(page, 320)

    page.goto("/mailbox/")
    fits()
    mail.put(kind="hub/news", key="one", to=long, facts={"path": "/help/"})
    assert mail.relay().sent == 1
    page.get_by_role("link", name="Look again").click()
    fits()
    page.get_by_role("link", name=f"To {long}").click()
    fits()
    page.get_by_role("link", name="See how the mail looks").click()  # no script may run there, not even axe
    page.get_by_role("link", name="Sign in to read it").click()
    page.wait_for_url("**/help/")
    assert mailbox.newest()[0].reader == long
