# One image for every process; the command says which.
FROM python:3.13-slim
RUN useradd --uid 10001 --create-home labourwatch
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml requirements.in README.md LICENSE NOTICE ./
COPY config config
COPY scrapers scrapers
COPY streams streams
COPY warehouse warehouse
COPY alerts alerts
COPY dashboard dashboard
COPY labourwatch labourwatch
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
USER labourwatch
CMD ["labourwatch", "--help"]
