"""What the staff pages of the programmes have in common."""

from django.db.models import F, OuterRef, Subquery

from hub.desk.listing import word_of
from programmes.models import Edition


def title_of_programme(column: str = "programme") -> Subquery:
    """What people call the programme that a row names: for a list, without a query for each row."""
    covers = Edition.objects.filter(chapter__programme=OuterRef(column), chapter__slug="", pk=F("chapter__current"))
    return word_of(covers, "title")
