"""Being written."""
from django.http import Http404


def _later(request, *args, **kwargs):
    raise Http404


verify = _later
