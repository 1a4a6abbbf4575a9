"""The pytest plugin. It and dojo.watched are all that knows pytest.

Faults of the grader are raised in fixtures, so pytest calls them errors; faults of the learner's
app are raised by the test, so pytest calls them failures.
"""

pytest_plugins = ["dojo.plugin.hooks", "dojo.plugin.fixtures"]
