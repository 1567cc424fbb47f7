"""What holds for all tests. On a CI machine Hypothesis draws the same examples each time, so that red is repeatable."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
