"""What all tests share: missing kernels are compiled beside the first of them, as beside a film's first world."""

import os

import pytest

from kinema.compiling import compiling_ahead


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop():
    if "PYTEST_XDIST_WORKER" in os.environ:  # whoever shares the tests out compiles for all
        return (yield)
    with compiling_ahead(lambda count: None):
        return (yield)
