"""What Prometheus and Grafana are given: exporters, rules, dashboards."""
