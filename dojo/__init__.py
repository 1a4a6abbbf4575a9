"""The grader: Postgres, the app as a process, traffic, SLIs, the verdict, the report."""
