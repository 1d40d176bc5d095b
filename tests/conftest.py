"""Settings of all tests."""

import os

from hypothesis import settings

# In CI a property tries the same examples every time: what it finds at random is found at a desk, not in a gate.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
