"""Kernel: codes people type, secrets in links, and what is kept of them."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O or U to misread
PRINTED_LETTERS = 16  # of a code on paper that anybody may check: 80 bits
SALT_BYTES = 32


def code(letters: int) -> str:
    """A random code, five bits a letter."""
    return "".join(secrets.choice(ALPHABET) for _ in range(letters))


def tidy_code(written: str) -> str:
    """A code as a person wrote it, made comparable: no spaces or dashes, O read as 0, I and L as 1."""
    return "".join(written.split()).replace("-", "").upper().translate(str.maketrans("OIL", "011"))


def in_fours(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def fingerprint(secret: str) -> str:
    """What is kept of a secret: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def link_token(purpose: str, salt: bytes) -> str:
    """The 256-bit secret of an emailed link, worked out anew from its row's salt and the server's own key.

    So the link can be put in the mail when it is sent, and the database alone never holds it.
    """
    mac = hmac.new(settings.SECRET_KEY.encode(), purpose.encode() + bytes(salt), hashlib.sha256).digest()
    return urlsafe_b64encode(mac).rstrip(b"=").decode()
