"""What a test says where the machine lacks what it needs."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Leave the test out and say why; where CI runs that is a failure, so that nothing goes untested unseen."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
