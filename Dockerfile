# What the shop and its load need to run; their code is mounted from the working tree (compose.yaml),
# so that an edit under app/ shows at once and no image must be built anew for it.
ARG PYTHON_IMAGE=python:3.13.7-slim-bookworm
FROM ${PYTHON_IMAGE}

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/venv/bin:$PATH

# before the packages, so that these layers stay when the lock changes; a volume that is mounted at
# one of these folders takes over its owner
RUN groupadd --gid 1000 dojo \
 && useradd --uid 1000 --gid dojo --no-create-home --home-dir /state dojo \
 && mkdir -p /state/prometheus/targets /slo-dojo \
 && chown -R dojo:dojo /state

COPY requirements-katas.lock /tmp/requirements.lock
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/python -m pip install --require-hashes --no-deps -r /tmp/requirements.lock \
 && rm /tmp/requirements.lock

USER dojo
WORKDIR /slo-dojo
CMD ["python", "-m", "dojo", "up"]
