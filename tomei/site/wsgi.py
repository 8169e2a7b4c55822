"""The WSGI application that the front hands pages to."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tomei.site.settings")
application = get_wsgi_application()
