# The service with the programs that read old formats and scans. Data lies in the volume /data.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements-build.lock requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock \
 && .venv/bin/pip install --no-cache-dir --require-hashes --no-build-isolation --use-pep517 -r requirements.lock
COPY . .
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e .

FROM python:3.11-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui tesseract-ocr \
    tesseract-ocr-fra tesseract-ocr-spa tesseract-ocr-rus tesseract-ocr-chi-sim tesseract-ocr-ara postgresql-client libseccomp2 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home kunming \
 && install -d -o kunming /data
COPY --from=build --chown=kunming /app /app
USER kunming
WORKDIR /data
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 KUNMING_DATABASE_URL=sqlite:////data/kunming.sqlite
VOLUME /data
EXPOSE 8015
HEALTHCHECK --interval=60s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8015/healthz', timeout=4)"]
CMD ["kunming", "run"]
