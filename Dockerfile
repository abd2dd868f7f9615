# The service with the programs that read old formats and scans. It writes to the volume /data alone.
# `scripts/container` runs these steps one by one in a bare Debian, without Docker.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3.11 python3.11-venv libseccomp2 postgresql-client \
    libreoffice-writer-nogui libreoffice-calc-nogui tesseract-ocr tesseract-ocr-fra tesseract-ocr-spa \
    tesseract-ocr-rus tesseract-ocr-chi-sim tesseract-ocr-ara \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data kunming
RUN install -d -o kunming -g kunming -m 700 /data
WORKDIR /app
COPY requirements-build.lock requirements.lock ./
RUN python3.11 -m venv .venv
RUN .venv/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock
RUN .venv/bin/pip install --no-cache-dir --require-hashes --no-build-isolation --use-pep517 -r requirements.lock
COPY . .
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e .
RUN .venv/bin/python -m compileall -q -x '^./.venv' .
ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin
ENV PYTHONUNBUFFERED=1
ENV PYTHONDONTWRITEBYTECODE=1
ENV KUNMING_HOST=0.0.0.0
ENV KUNMING_DATABASE_URL=sqlite:////data/kunming.sqlite
USER kunming
WORKDIR /data
VOLUME /data
EXPOSE 8015
HEALTHCHECK --interval=60s --timeout=5s --start-period=60s CMD ["python", "/app/scripts/healthy"]
CMD ["kunming", "run"]
