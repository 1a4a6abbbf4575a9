"""Submissions of many people, judged one after the other on this machine."""
