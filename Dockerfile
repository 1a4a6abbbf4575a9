# Two images from one environment, both for a user without rights (uid 1000).
#
#   docker build -t slo-dojo .
#   docker run --rm slo-dojo                          kata 01 on the shipped app: a red report
#   docker run --rm slo-dojo pytest katas/04-alerts   any other command of ./run
#   docker run --rm -v "$PWD/app:/opt/slo-dojo/app:ro" slo-dojo    … on your own app
#
#   --target environment    what compose.yaml needs: no code, which is mounted from the working tree,
#                           so that an edit under app/ shows at once and no image is built for it
#
# BASE is any Debian or Ubuntu with Python 3.11 to 3.14 and its venv module (python3-venv).
ARG BASE=python:3.13.7-slim-bookworm

FROM ${BASE} AS packages
ENV DOJO_INSTALLER=pip
WORKDIR /opt/slo-dojo
COPY run requirements-katas.lock requirements.lock ./
# ./run makes the environment, and then finds no code to run
RUN ./run dojo --help || test -f .venv/.made-from

FROM ${BASE} AS user
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/slo-dojo/.venv/bin:/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin
# a volume that is mounted at one of these folders takes over its owner
RUN groupadd --gid 1000 dojo \
 && useradd --uid 1000 --gid dojo --create-home --home-dir /state dojo \
 && mkdir -p /state/prometheus/targets /slo-dojo \
 && chown -R dojo:dojo /state
COPY --from=packages /opt/slo-dojo/.venv /opt/slo-dojo/.venv

FROM user AS environment
USER dojo
WORKDIR /slo-dojo
CMD ["python", "-m", "dojo", "up"]

FROM user
ENV DOJO_POSTGRES=embedded \
    DOJO_STATE=/state \
    DOJO_CACHE=/state/cache
COPY --chown=dojo:dojo app /state/shipped-app
WORKDIR /opt/slo-dojo
COPY . .
USER dojo
ENTRYPOINT ["/opt/slo-dojo/run"]
CMD ["pytest", "katas/01-latency"]
