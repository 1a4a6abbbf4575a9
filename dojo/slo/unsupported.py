"""What OpenSLO v1 allows and SLO Dojo does not read, refused by its name. Pure.

The standard: https://github.com/OpenSLO/OpenSLO, README.md, as of v1.
"""

from dojo.slo.documents import Document

__all__ = ["GOOD", "OBJECTIVE", "RATIO", "TOTAL", "refuse_other_kinds", "refuse_unsupported"]

OTHER_KINDS = ("DataSource", "SLI", "AlertPolicy", "AlertCondition", "AlertNotificationTarget")
RATIO = "spec.indicator.spec.ratioMetric"
GOOD, TOTAL = f"{RATIO}.good.metricSource", f"{RATIO}.total.metricSource"
OBJECTIVE = "spec.objectives[0]"

NOT_NEEDED = {  # what OpenSLO v1 allows in an SLO, and what to write instead
    "spec.indicatorRef": ("a reference to an SLI", "Write the SLI under spec.indicator."),
    "spec.alertPolicies": ("alert policies", "Take them out: nothing here sends an alert."),
    "spec.indicator.spec.thresholdMetric": ("a thresholdMetric", "Write a ratioMetric."),
    f"{RATIO}.bad": ("a ratio of bad events", "Count the good ones, under good."),
    f"{RATIO}.raw": ("a ratio computed elsewhere", "Count good and total events."),
    f"{RATIO}.rawType": ("a ratio computed elsewhere", "Count good and total events."),
    f"{GOOD}.metricSourceRef": ("a reference to a DataSource", "Write type: Prometheus."),
    f"{TOTAL}.metricSourceRef": ("a reference to a DataSource", "Write type: Prometheus."),
    f"{OBJECTIVE}.op": ("a comparison for a thresholdMetric", "Take op out."),
    f"{OBJECTIVE}.value": ("a value for a thresholdMetric", "Take value out."),
    f"{OBJECTIVE}.timeSliceTarget": ("time slices", "Take timeSliceTarget out."),
    f"{OBJECTIVE}.timeSliceWindow": ("time slices", "Take timeSliceWindow out."),
    f"{OBJECTIVE}.indicator": ("composite SLOs", "Write the SLI under spec.indicator."),
    f"{OBJECTIVE}.indicatorRef": ("composite SLOs", "Write the SLI under spec.indicator."),
    f"{OBJECTIVE}.compositeWeight": ("composite SLOs", "Take compositeWeight out."),
}


def refuse_other_kinds(document: Document, kind: str) -> None:
    """BadSetting on a kind of document that OpenSLO has besides Service and SLO."""
    if kind in OTHER_KINDS:
        raise document.unsupported("kind", f"the kind {kind}", "Take this document out.")


def refuse_unsupported(slo: Document, source_type: str = "Prometheus") -> None:
    """BadSetting on what OpenSLO allows in an SLO and no kata needs.

    `source_type`: the one type of metric source that the kata has.
    """
    method = slo.text("spec.budgetingMethod")
    if method in ("Timeslices", "RatioTimeslices"):
        feature = f"the budgeting method {method}"
        raise slo.unsupported("spec.budgetingMethod", feature, "Write Occurrences.")
    if method != "Occurrences":
        raise slo.wrong("spec.budgetingMethod", "Occurrences", method)
    for path, (feature, instead) in NOT_NEEDED.items():
        if slo.find(path) not in (None, []):
            raise slo.unsupported(path, feature, instead)
    for source in (GOOD, TOTAL):
        if (kind := slo.text(f"{source}.type", default=source_type)) != source_type:
            instead = f"Use {source_type}."
            raise slo.unsupported(f"{source}.type", f"sources like {kind[:40]}", instead)
    if slo.find(f"{RATIO}.counter") is False:
        raise slo.unsupported(f"{RATIO}.counter", "gauges", "Count with counters: counter: true.")
    objectives = slo.find("spec.objectives")
    if not isinstance(objectives, list) or not objectives:
        raise slo.wrong("spec.objectives", "a list of one objective", objectives)
    if len(objectives) > 1:
        feature = f"several objectives in one SLO (here {len(objectives)})"
        raise slo.unsupported("spec.objectives", feature, "Write an SLO for each.")
