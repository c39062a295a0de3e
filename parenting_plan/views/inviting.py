"""Being written."""
from django.http import Http404


def _later(request, *args, **kwargs):
    raise Http404


children = _later
orders = _later
invite = _later
invite_adults = _later
invite_children_safety = _later
invite_stay_safe = _later
invite_by_email = _later
invite_by_code = _later
confirm = _later
