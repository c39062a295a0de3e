# One image for web, worker, beat and migrations; the command says which it is.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# What WeasyPrint opens to draw a PDF, and what copies the database
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-15 \
       libglib2.0-0 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /hub
COPY .requirements/ .requirements/
RUN pip install --no-cache-dir --require-hashes -r .requirements/uv.txt \
    && uv pip install --system --no-cache --require-hashes -r .requirements/run.txt \
    && pip uninstall --yes uv

COPY . .

# Static files get their hashed names here. The settings want production's variables; these values are invented
# and live for this one command.
RUN set -a && . .ci/production.env && set +a && HUB_VAR=/tmp/var python manage.py collectstatic --noinput \
    && python -m compileall -q hub accounts parenting_plan

# Nothing in the image belongs to the user the hub runs as; it writes to /var/lib/hub alone
RUN useradd --system --uid 10001 --home-dir /var/lib/hub --create-home hub \
    && mkdir /var/lib/hub/files /var/lib/pages && chown -R hub:hub /var/lib/hub /var/lib/pages
# The keeper's volumes take their owner from here
RUN mkdir /var/lib/anchors /var/lib/backups && chown hub:hub /var/lib/anchors /var/lib/backups
USER hub
ENV HUB_VAR=/var/lib/hub HUB_FILES=/var/lib/hub/files
EXPOSE 8000
CMD ["gunicorn", "--config", "hub/deploy/gunicorn.py"]
