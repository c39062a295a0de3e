"""What other rooms may hear of a person."""

from django.dispatch import Signal

renamed = Signal()
"""Sent with `person` in the transaction in which they chose another first name."""
