"""One attempt at a kata: plan, run, observe, judge, check, report. Knows no pytest."""
