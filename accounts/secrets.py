"""Locks small secrets before they are kept: app secrets and codes on their way to a mailbox."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def lock(text: str) -> str:
    """Return the text so that only this hub can read it."""
    return _keys().encrypt(text.encode()).decode()


def unlock(locked: str) -> str:
    """Return what `lock` was given, also when SECRET_KEY has moved to SECRET_KEY_FALLBACKS since."""
    return _keys().decrypt(locked.encode()).decode()


def _keys() -> MultiFernet:
    roots = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(f"accounts.secrets:{root}".encode()).digest() for root in roots]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
