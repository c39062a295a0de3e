"""The staff pages of the programmes, by subject. What a parent wrote is not registered, and no page here reads it."""

from programmes.admin import content, imports, positive, referrals, returns, workshops

__all__ = ["content", "imports", "positive", "referrals", "returns", "workshops"]
