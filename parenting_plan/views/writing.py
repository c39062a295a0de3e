"""Being written."""
from django.http import Http404


def _later(request, *args, **kwargs):
    raise Http404


drafts = _later
write = _later
autosave = _later
send = _later
take_back = _later
