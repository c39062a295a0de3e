"""What a password must be, said in words for people."""

import re

from django.contrib.auth import get_user_model, hashers
from django.contrib.auth import password_validation as stock
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from zxcvbn import zxcvbn

READ_AT_MOST = 72  # zxcvbn takes no more, and its work grows faster than the text
STRONG_ENOUGH = 3  # of 4: more than a hundred million guesses
OUR_OWN_WORDS = [
    "parent",
    "parents",
    "parenting",
    "coparenting",
    "plan",
    "hub",
    "child",
    "children",
    "family",
    "contact",
]

RULES = gettext_lazy(
    "Use 10 characters or more. Three words that do not belong together work well, such as a food, a colour and a "
    "place. Do not use a name or a birthday."
)


class LongEnough(stock.MinimumLengthValidator):
    """At least so many characters, said kindly."""

    def get_error_message(self):
        return ngettext("Use %(count)d character or more", "Use %(count)d characters or more", self.min_length) % {
            "count": self.min_length
        }

    def get_help_text(self):
        return str(RULES)


class NotCommon(stock.CommonPasswordValidator):
    """Not on the list of the twenty thousand that are tried first."""

    def get_error_message(self):
        return _("Many people use this password, so it is tried first. Choose another one")

    def get_help_text(self):
        return ""


class NotEasyToGuess:
    """Would somebody who knows this person's email address and first name find it quickly?

    What is left without those words must be strong too: "amara.example.com" is long, and no secret.
    """

    def validate(self, password: str, user=None) -> None:
        known = sorted(OUR_OWN_WORDS + known_words(user), key=len, reverse=True)
        rest = re.sub("|".join(map(re.escape, known)), "", password, flags=re.IGNORECASE)
        if min(strength(password, known), strength(rest, known)) < STRONG_ENOUGH:
            raise ValidationError(
                _("This password could be guessed. Add another word, one that has nothing to do with you"),
                code="easy_to_guess",
            )

    def get_help_text(self):
        return ""


def strength(text: str, known: list[str]) -> int:
    """From 0, found at once, to 4, safe even where tries cost nothing."""
    return zxcvbn(text[:READ_AT_MOST], user_inputs=known)["score"] if text else 0


def known_words(user) -> list[str]:
    """The words other people know of this person: their first name, and their email address in pieces."""
    if user is None:
        return []
    email = get_user_model().objects.normal_email(getattr(user, "email", "") or "")
    pieces = email.replace("@", " ").replace(".", " ").replace("_", " ").replace("-", " ").replace("+", " ").split()
    names = (getattr(user, "first_name", "") or "").split()
    return [word for word in [email, email.partition("@")[0], *pieces, *names] if len(word) > 2]


class Argon2(hashers.Argon2PasswordHasher):
    """Argon2id as OWASP advises, in 32 MB instead of Django's 100: ten may sign in at once on a small server."""

    time_cost = 3
    memory_cost = 32 * 1024
    parallelism = 1
