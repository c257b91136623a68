"""Libraries that may be missing where the tests run."""

import importlib.util
import unittest
from typing import Any


def needs(*names: str) -> Any:
    """Skips a test class unless all these modules are installed."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"not installed: {', '.join(missing)}")
