"""How the web server runs, on a newcomer's machine and in production. HUB_WEB_* change it."""

import gc
import os
import shutil
import tempfile

from gunicorn.glogging import Logger

from hub import env

wsgi_app = "hub.wsgi"
counted = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="hub-metrics-")  # see hub/metrics.py
bind = env.text("HUB_WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
preload_app = True  # read the code once, share its memory; connections are opened only by the first visit
workers = env.number("HUB_WEB_PROCESSES", 2)
threads = env.number("HUB_WEB_THREADS", 4)
timeout = 60  # a process that says nothing this long is replaced; a page's own limit is the database's 10 seconds
graceful_timeout = 20
keepalive = 30
max_requests, max_requests_jitter = 5000, 500  # fresh processes now and then, never all at once
limit_request_line = 0  # gunicorn's own answer is a bare page: nginx.conf sets the limit, and answers in our design
limit_request_field_size = 8190
limit_request_fields = 60
loglevel = "warning"
control_socket_disable = True


class Calm(Logger):
    """Tells of a fault at the door without what was asked for: an address may hold what somebody searched for."""

    def warning(self, msg, *args, **kwargs):
        super().warning(*self._without_address(msg, args), **kwargs)

    def exception(self, msg, *args, **kwargs):
        super().exception(*self._without_address(msg, args), **kwargs)

    @staticmethod
    def _without_address(msg, args):
        for said in ("Invalid request", "Error handling request"):
            if str(msg).startswith(said):
                return (said,)
        return (msg, *args)


logger_class = Calm


def child_exit(server, worker):
    """What a process that ended had counted stays counted."""
    from hub.metrics import process_ended

    process_ended(worker.pid)


def on_exit(server):
    shutil.rmtree(counted, ignore_errors=True)


def when_ready(server):
    """What was read before the first visit stays for good: not looked at again for rubbish, and shared by all.

    A page makes some thousands of objects and drops them again: it need not stop to look for rubbish several times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
