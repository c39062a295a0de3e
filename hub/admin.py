"""The kernel's pages for staff, each in hub.desk. None shows a parent's words or address."""

from hub.desk import auditing, helpline, holding, how_it_is, outbox, reporting

__all__ = ["auditing", "helpline", "holding", "how_it_is", "outbox", "reporting"]
