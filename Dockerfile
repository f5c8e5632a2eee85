# The server with its browser: Debian's Python and Chromium, no compiler, no root, nothing downloaded at run time.
#
#   docker build -t archibald-bot . && docker run --rm --env-file bot.env archibald-bot --check
FROM debian:bookworm-slim AS packages

# Versions are Debian's newest of this release: a pinned one is gone with the next security update.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/archibald-bot
WORKDIR /source
COPY LICENSE README.md constraints.txt pyproject.toml ./
COPY client/python client/python
COPY protos protos
RUN /opt/archibald-bot/bin/pip install --no-cache-dir --constraint constraints.txt '.[server]'


FROM debian:bookworm-slim

# Without a font a page has no text to click on; Playwright's Node.js needs libatomic1; somebody has to
# reap what a killed browser leaves (tini).
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        chromium-headless-shell fonts-liberation libatomic1 python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --no-log-init --uid 10001 --home-dir /var/lib/archibald-bot --create-home archibald-bot
COPY --from=packages /opt/archibald-bot /opt/archibald-bot
COPY migrations /srv/archibald-bot/migrations
COPY server /srv/archibald-bot/server

USER 10001
WORKDIR /srv/archibald-bot
ENV ARCHIBALD_DATA_DIR=/var/lib/archibald-bot \
    PATH=/opt/archibald-bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
VOLUME /var/lib/archibald-bot
# Asks the standard health service, which answers for the database as well.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-m", "server.healthy"]
# SIGTERM drains: give it ARCHIBALD_DRAIN_TIMEOUT before SIGKILL (docker stop --time 130).
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--", "python", "-m", "server"]
