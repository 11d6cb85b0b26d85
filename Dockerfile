# syntax=docker/dockerfile:1
# docker build -t tocsin .        docs/operations/docker.md says how to run it.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/tocsin
COPY requirements/run.txt requirements/run.txt
RUN /opt/tocsin/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY daemon daemon
COPY feeds feeds
COPY rules rules
RUN /opt/tocsin/bin/python -m pip wheel --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/tocsin/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-index --find-links /dist tocsin

FROM python:3.11.14-slim-bookworm
RUN groupadd --gid 10001 tocsin && useradd --uid 10001 --gid tocsin --no-create-home --home-dir /data tocsin && install -d -o tocsin -g tocsin /data
COPY --from=build /opt/tocsin /opt/tocsin
ENV PATH=/opt/tocsin/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TOCSIN_DATABASE_URL=sqlite:////data/tocsin.sqlite \
    TOCSIN_WEB__HOST=0.0.0.0 \
    TOCSIN_WEB__PORT=8787
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8787
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.build_opener(urllib.request.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['TOCSIN_WEB__PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["tocsin"]
CMD ["run"]
