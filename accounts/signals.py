"""What other rooms may hear of a person."""

from django.dispatch import Signal

renamed = Signal()
"""Sent with `person` in the transaction in which they chose another first name."""

second_step_refused = Signal()
"""Sent with `person`, or None for nobody known, when a code, a spare code or a passkey was tried and not taken."""
