"""A browser's own long name, told in a few words."""

from django.utils.translation import gettext as _

BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")]  # fmt: skip
MACHINES = [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("CrOS", "Chromebook"), ("Macintosh", "Mac"), ("Linux", "Linux")]  # fmt: skip


def device_words(user_agent: str) -> str:
    """Say which browser on which machine, as far as the name tells: "Chrome on Android"."""
    browser = next((word for sign, word in BROWSERS if sign in user_agent), "")
    machine = next((word for sign, word in MACHINES if sign in user_agent), "")
    if browser and machine:
        return _("%(browser)s on %(machine)s") % {"browser": browser, "machine": machine}
    return browser or machine or _("A browser")
