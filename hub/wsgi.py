"""How a web process starts."""

import os

from django.core.wsgi import get_wsgi_application

from hub.starting import look_first

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

application = get_wsgi_application()
look_first()
