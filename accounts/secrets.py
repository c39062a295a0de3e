"""Locks secrets before they are kept: app secrets, codes on their way to a mailbox, copies of somebody's data.

The keys come from SECRET_KEY and SECRET_KEY_FALLBACKS, which lie in no table, folder or backup of the hub.
"""

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


def lock_bytes(content: bytes) -> bytes:
    """The same for a file; a third longer than it was. Never the same bytes twice."""
    return _keys().encrypt(content)


def unlock_bytes(locked: bytes) -> bytes:
    """Return what `lock_bytes` was given. Raises cryptography.fernet.InvalidToken for anything else."""
    return _keys().decrypt(locked)


def _keys() -> MultiFernet:
    roots = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(f"accounts.secrets:{root}".encode()).digest() for root in roots]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
