"""The manifest that judges a cohort on a cluster: what of it can be held here."""

import re
import shlex
from typing import Any

import yaml

from dojo.cli.main import command_line
from dojo.grading.bounds import BOUNDS
from tests.support.project import ROOT

MANIFEST = ROOT / "tools" / "kubernetes" / "grade.yaml"
DOCUMENTS: list[dict[str, Any]] = list(yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8")))
OBJECTS = {each["kind"]: each for each in DOCUMENTS}
JOB = OBJECTS["Job"]["spec"]
POD = JOB["template"]["spec"]
CONTAINER = POD["containers"][0]
GB = 1 << 30


def test_its_command_is_one_that_grade_accepts() -> None:
    """As the shell of the container makes it from the variables, to the last option."""
    shell, option, script = CONTAINER["command"]
    assert (shell, option) == ("sh", "-c")
    variables = {"KATA": "01", "JOB_COMPLETION_INDEX": "7"}
    words = shlex.split(re.sub(r'"\$(\w+)"', lambda match: variables[match[1]], script))
    assert words[:5] == ["exec", "python", "-m", "dojo", "grade"]
    command = command_line().commands["grade"]
    context = command.make_context("grade", words[5:])
    assert context.params["index"] == 7
    assert str(context.params["each_of"]) == "/submissions"
    assert str(context.params["to"]) == "/results"


def test_each_index_is_a_submission_and_each_pod_alone_on_its_node() -> None:
    """Two runs that measure on one node would not see each other's lock."""
    assert JOB["completionMode"] == "Indexed"
    assert JOB["maxFailedIndexes"] >= JOB["completions"]
    (term,) = POD["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    labels = JOB["template"]["metadata"]["labels"]
    assert term["labelSelector"]["matchLabels"] == labels
    assert OBJECTS["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    resources = CONTAINER["resources"]
    assert resources["requests"] == resources["limits"]  # so that the cores are its own
    assert int(resources["limits"]["memory"].removesuffix("Gi")) * GB > BOUNDS.memory_bytes


def test_every_folder_that_is_written_is_a_volume() -> None:
    """The root file system can't be written, and submissions neither."""
    mounts = {each["mountPath"]: each for each in CONTAINER["volumeMounts"]}
    volumes = {each["name"]: each for each in POD["volumes"]}
    assert {each["name"] for each in mounts.values()} == set(volumes)
    assert CONTAINER["securityContext"]["readOnlyRootFilesystem"] is True
    assert mounts["/submissions"]["readOnly"] is True
    assert {"/results", "/var/tmp", "/tmp", "/dev/shm"} <= set(mounts)
    state = {each["name"]: each["value"] for each in CONTAINER["env"]}["DOJO_STATE"]
    assert state.startswith("/var/tmp/")
    claims = {each["metadata"]["name"] for each in DOCUMENTS if "Claim" in each["kind"]}
    named = [
        each["persistentVolumeClaim"]["claimName"]
        for each in volumes.values()
        if len(each) == 2 and "persistentVolumeClaim" in each
    ]
    assert set(named) == claims


def test_it_has_no_rights() -> None:
    """Not root, no capability, no token of the cluster, no network."""
    assert POD["securityContext"]["runAsNonRoot"] is True
    assert POD["automountServiceAccountToken"] is False
    assert CONTAINER["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert CONTAINER["securityContext"]["allowPrivilegeEscalation"] is False
    policy = OBJECTS["NetworkPolicy"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert "ingress" not in policy
    assert "egress" not in policy
