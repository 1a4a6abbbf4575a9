"""What Grafana knows of a dashboard's JSON, as far as this project's dashboard needs it."""

__all__ = ["CUSTOM", "FIELD", "OPTIONS", "SCHEMA"]

UNITS = {"percentunit", "short", "none", "s", "reqps", "locale"}
KINDS = ("row", "text", "stat", "timeseries", "heatmap")

# The part of Grafana's dashboard schema (v1, schemaVersion 42) that this dashboard uses, strictly.
SOURCE = {
    "type": "object",
    "required": ["type", "uid"],
    "additionalProperties": False,
    "properties": {"type": {"const": "prometheus"}, "uid": {"const": "${datasource}"}},
}
TARGET = {
    "type": "object",
    "required": ["refId", "datasource", "expr", "legendFormat", "instant", "range"],
    "additionalProperties": False,
    "properties": {
        "refId": {"type": "string", "pattern": "^[A-Z]$"},
        "datasource": SOURCE,
        "editorMode": {"enum": ["code", "builder"]},
        "expr": {"type": "string", "minLength": 1},
        "legendFormat": {"type": "string", "minLength": 1},
        "format": {"enum": ["time_series", "table", "heatmap"]},
        "instant": {"type": "boolean"},
        "range": {"type": "boolean"},
    },
}
STEPS = {
    "type": "object",
    "required": ["mode", "steps"],
    "additionalProperties": False,
    "properties": {
        "mode": {"enum": ["absolute", "percentage"]},
        "steps": {
            "type": "array",
            "minItems": 1,
            "prefixItems": [{"properties": {"value": {"type": "null"}}}],
            "items": {
                "required": ["color", "value"],
                "properties": {"color": {"type": "string"}, "value": {"type": ["number", "null"]}},
            },
        },
    },
}
FIELDS = {
    "type": "object",
    "required": ["defaults", "overrides"],
    "additionalProperties": False,
    "properties": {
        "defaults": {
            "type": "object",
            "required": ["unit"],
            "properties": {"unit": {"enum": sorted(UNITS)}, "thresholds": STEPS},
        },
        "overrides": {
            "type": "array",
            "items": {"type": "object", "required": ["matcher", "properties"]},
        },
    },
}
PANEL = {
    "type": "object",
    "required": ["id", "type", "title", "gridPos"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "type": {"enum": list(KINDS)},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 20},
        "datasource": SOURCE,
        "interval": {"const": "5s"},
        "transparent": {"type": "boolean"},
        "targets": {"type": "array", "minItems": 1, "items": TARGET},
        "fieldConfig": FIELDS,
        "options": {"type": "object"},
        "collapsed": {"const": True},
        "panels": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/panel"}},
        "gridPos": {
            "type": "object",
            "required": ["x", "y", "w", "h"],
            "additionalProperties": False,
            "properties": {
                "x": {"type": "integer", "minimum": 0, "maximum": 23},
                "y": {"type": "integer", "minimum": 0},
                "w": {"type": "integer", "minimum": 1, "maximum": 24},
                "h": {"type": "integer", "minimum": 1},
            },
        },
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {"panel": PANEL},
    "required": ["uid", "title", "schemaVersion", "panels", "templating", "time", "refresh"],
    "additionalProperties": False,
    "properties": {
        "uid": {"const": "slo-dojo"},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "schemaVersion": {"const": 42},
        "version": {"type": "integer"},
        "editable": {"const": False},
        "graphTooltip": {"enum": [0, 1, 2]},
        "time": {"type": "object", "required": ["from", "to"]},
        "timepicker": {"type": "object"},
        "timezone": {"enum": ["browser", "utc"]},
        "refresh": {"type": "string", "pattern": "^[0-9]+[smh]$"},
        "links": {"type": "array"},
        "annotations": {"type": "object", "required": ["list"]},
        "templating": {"type": "object", "required": ["list"]},
        "panels": {"type": "array", "minItems": 10, "items": {"$ref": "#/$defs/panel"}},
    },
}

# Grafana ignores an option that it does not know. These are the ones of its own schema.
OPTIONS = {
    "text": {"mode", "content", "code"},
    "stat": {
        *("colorMode", "graphMode", "justifyMode", "orientation", "percentChangeColorMode"),
        *("reduceOptions", "showPercentChange", "text", "textMode", "wideLayout"),
    },
    "timeseries": {"legend", "orientation", "timezone", "tooltip"},
    "heatmap": {
        *("calculate", "calculation", "cellGap", "cellRadius", "cellValues", "color", "exemplars"),
        *("filterValues", "legend", "rowsFrame", "selectionMode", "showValue", "tooltip", "yAxis"),
    },
}
CUSTOM = {
    "timeseries": {
        *("axisBorderShow", "axisCenteredZero", "axisColorMode", "axisGridShow", "axisLabel"),
        *("axisPlacement", "axisSoftMax", "axisSoftMin", "axisWidth", "barAlignment"),
        *("barMaxWidth", "barWidthFactor", "drawStyle", "fillBelowTo", "fillColor", "fillOpacity"),
        *("gradientMode", "hideFrom", "insertNulls", "lineColor", "lineInterpolation"),
        *("lineStyle", "lineWidth", "pointColor", "pointSize", "pointSymbol"),
        *("scaleDistribution", "showPoints", "spanNulls", "stacking", "thresholdsStyle"),
        "transform",
    },
    "heatmap": {"hideFrom", "scaleDistribution"},
}
FIELD = {
    *("actions", "color", "custom", "decimals", "description", "displayName", "fieldMinMax"),
    *("filterable", "links", "mappings", "max", "min", "noValue", "thresholds", "unit"),
}
