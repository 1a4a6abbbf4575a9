"""compose.yaml: what it opens, pins, limits and mounts."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dojo.cli.export import alert_policies
from dojo.observability.files import files
from dojo.observability.targets import targets_folder
from dojo.postgres.docker import DEFAULT_IMAGE
from dojo.postgres.settings import SETTINGS
from dojo.slo.catalog import service_levels
from tests.support.project import ROOT

DEFAULT = re.compile(r"\$\{(\w+):-([^}]*)\}")


def with_defaults(text: str) -> str:
    """The text as it is when none of its variables is set."""
    filled = DEFAULT.sub(lambda match: match[2], text)
    assert "${" not in filled, "a variable without a default"
    return filled


TEXT = (ROOT / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(with_defaults(TEXT))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
each_service = pytest.mark.parametrize("name", SERVICES)


def test_it_is_the_whole_stack() -> None:
    """Postgres, the shop with its load, Prometheus and Grafana."""
    assert set(SERVICES) == {"postgres", "shop", "prometheus", "grafana"}


@each_service
def test_nothing_listens_beyond_the_machine(name: str) -> None:
    """A published port is of 127.0.0.1; what shares the host's network listens there alone."""
    service = SERVICES[name]
    for port in service.get("ports", ()):
        assert port.startswith("127.0.0.1:"), port
    if service.get("network_mode") == "host":
        assert "ports" not in service
        local = {
            "shop": "0.0.0.0" not in service.get("command", ()),  # what `dojo up` does by itself
            "prometheus": "--web.listen-address=127.0.0.1:9090" in service.get("command", ()),
            "grafana": service.get("environment", {}).get("GF_SERVER_HTTP_ADDR") == "127.0.0.1",
        }
        assert local[name]
    else:
        assert service["ports"]


@each_service
def test_images_are_pinned(name: str) -> None:
    """An image has a version, and nothing says latest."""
    image = SERVICES[name]["image"]
    assert re.search(r":(v?\d+[\w.-]*|local)$", image), image
    assert image.endswith(":local") == ("build" in SERVICES[name])
    base = re.search(r"^ARG BASE=python:(\S+)$", (ROOT / "Dockerfile").read_text(), re.M)
    assert base is not None
    assert re.fullmatch(r"3\.1[1-4]\.\d+-slim-\w+", base[1])


@each_service
def test_each_has_a_health_check_and_limits(name: str) -> None:
    """A health check, limits of memory and processor, and no new privileges."""
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert 0 < service["cpus"] <= 2
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"]["max-size"]


def test_postgres_is_set_as_every_provider_sets_it() -> None:
    """The image and the settings are those of the grader's own container."""
    assert SERVICES["postgres"]["image"] == DEFAULT_IMAGE
    command = SERVICES["postgres"]["command"]
    assert command[0] == "postgres"
    assert command[1::2] == ["-c"] * len(SETTINGS)
    assert dict(setting.split("=", 1) for setting in command[2::2]) == SETTINGS


def test_the_shop_finds_postgres() -> None:
    """Address and password of the one are those of the other."""
    environment = SERVICES["postgres"]["environment"]
    published = SERVICES["postgres"]["ports"][0].removesuffix(":5432")
    assert SERVICES["shop"]["environment"]["DOJO_POSTGRES"] == (
        f"postgresql://postgres:{environment['POSTGRES_PASSWORD']}@{published}/postgres"
    )


def test_prometheus_finds_what_the_shop_announces() -> None:
    """Where the container writes targets is where Prometheus' configuration looks."""
    shop, prometheus = SERVICES["shop"], SERVICES["prometheus"]
    state = Path(shop["environment"]["DOJO_STATE"])
    assert f"targets:{targets_folder(state)}" in shop["volumes"]
    assert "targets:/slo-dojo/grafana/targets:ro" in prometheus["volumes"]
    config = yaml.safe_load((ROOT / "grafana/prometheus.yml").read_text())
    looked = config["scrape_configs"][0]["file_sd_configs"][0]["files"]
    assert looked == ["../.dojo/prometheus/targets/*.json", "targets/*.json"]
    # a volume can be mounted in a tree that is for reading only where a folder is already
    assert (ROOT / "grafana/targets/.gitignore").is_file()


def test_grafana_finds_what_was_exported() -> None:
    """Provisioning, the home dashboard and the data source are files that `export` writes."""
    environment = SERVICES["grafana"]["environment"]
    written = {
        f"/slo-dojo/grafana/{name}" for name in files(service_levels(ROOT), alert_policies(ROOT))
    }
    assert environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] in written
    folder = environment["GF_PATHS_PROVISIONING"]
    assert {f"{folder}/datasources/prometheus.yml", f"{folder}/dashboards/slo-dojo.yml"} <= written
    source = yaml.safe_load((ROOT / "grafana/provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ][0]
    assert source["url"] == "$PROMETHEUS_URL"
    assert environment["PROMETHEUS_URL"] == "http://127.0.0.1:9090"


def test_grafana_lets_everybody_look_and_nobody_in() -> None:
    """Anonymous viewers, no log-in, no administrator, at port 4000."""
    environment = SERVICES["grafana"]["environment"]
    wanted = {
        "GF_SERVER_HTTP_PORT": 4000,
        "GF_AUTH_ANONYMOUS_ENABLED": "true",
        "GF_AUTH_ANONYMOUS_ORG_ROLE": "Viewer",
        "GF_AUTH_BASIC_ENABLED": "false",
        "GF_AUTH_DISABLE_LOGIN_FORM": "true",
        "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION": "true",
    }
    assert wanted.items() <= environment.items()


def test_the_working_tree_is_only_read() -> None:
    """No container can change a learner's files."""
    for name, service in SERVICES.items():
        for volume in service["volumes"]:
            if volume.startswith("."):
                assert volume == ".:/slo-dojo:ro", name
            else:
                assert volume.split(":")[0] in COMPOSE["volumes"], name


def stages() -> list[str]:
    """The Dockerfile's stages, each from its FROM."""
    return re.split(r"^(?=FROM )", (ROOT / "Dockerfile").read_text(), flags=re.M)[1:]


def test_the_shops_image_holds_no_code() -> None:
    """Of the working tree only what makes the environment gets into the stage of compose.yaml."""
    target = SERVICES["shop"]["build"]["target"]
    *until, last = [stage for stage in stages() if "COPY . ." not in stage]
    assert re.match(rf"FROM \w+ AS {target}\n", last)
    copied = [words for stage in (*until, last) for words in re.findall(r"^COPY (.+)", stage, re.M)]
    assert copied == [
        "run requirements-katas.lock requirements.lock ./",
        "--from=packages /opt/slo-dojo/.venv /opt/slo-dojo/.venv",
    ]


def test_the_release_image_runs_a_kata_without_rights() -> None:
    """The last stage is built unless another is named: all code, a user, the first kata."""
    last = stages()[-1]
    assert re.search(r"^COPY \. \.\nUSER dojo$", last, re.M)
    assert 'ENTRYPOINT ["/opt/slo-dojo/run"]\nCMD ["pytest", "katas/01-latency"]' in last


def test_only_what_katas_need_is_sent_to_the_builder() -> None:
    """No git history, no environment, no report: everything is left out but what is named."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    sent = {rule[1:] for rule in rules if rule.startswith("!")}
    assert sent <= {path.name for path in ROOT.iterdir()}
    assert {"app", "dojo", "katas", "seed", "run", "pyproject.toml"} <= sent
    assert not sent & {".git", ".venv", ".dojo", "tests", "docs"}


def test_compose_takes_it(tmp_path: Path) -> None:
    """docker compose finds nothing wrong with the file; skips where there is none."""
    candidates = (["docker", "compose"], ["docker-compose"])
    text = TEXT
    for command in candidates:
        if shutil.which(command[0]) is None:
            continue
        version = subprocess.run([*command, "version", "--short"], capture_output=True, text=True)
        if version.returncode == 0:
            if version.stdout.startswith("1."):  # too old for a name at the top, and else fine
                text = re.sub(r"^name: .*\n", "", text, flags=re.M)
            break
    else:
        pytest.skip("neither docker compose nor docker-compose is installed")
    path = tmp_path / "compose.yaml"
    path.write_text(text)
    done = subprocess.run(
        [*command, "-f", str(path), "--project-directory", str(ROOT), "config", "-q"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
