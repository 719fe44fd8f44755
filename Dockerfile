# One image for every process; the command says which.
# Pin the base by digest for production: docs/operations/production.md#pinning.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/labourwatch && \
    /opt/labourwatch/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml requirements.in README.md LICENSE NOTICE ./
COPY config config
COPY scrapers scrapers
COPY streams streams
COPY warehouse warehouse
COPY alerts alerts
COPY dashboard dashboard
COPY labourwatch labourwatch
RUN /opt/labourwatch/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${PYTHON_IMAGE}
RUN groupadd --gid 10001 labourwatch && \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin labourwatch && \
    install --directory --owner 10001 --group 10001 /var/lib/labourwatch
COPY --from=build /opt/labourwatch /opt/labourwatch
COPY config/sources /etc/labourwatch/sources
ENV PATH=/opt/labourwatch/bin:$PATH
ENV PYTHONUNBUFFERED=1
ENV PYTHONDONTWRITEBYTECODE=1
ENV LABOURWATCH_VAR_DIR=/var/lib/labourwatch
ENV LABOURWATCH_SOURCES_DIR=/etc/labourwatch/sources
USER 10001:10001
WORKDIR /var/lib/labourwatch
CMD ["labourwatch", "--help"]
