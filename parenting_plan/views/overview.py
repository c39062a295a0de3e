"""Being written."""
from django.http import Http404


def _later(request, *args, **kwargs):
    raise Http404


plans = _later
plan = _later
agreed = _later
pdf = _later
section = _later
