"""What all tests share: missing kernels are compiled beside the first of them, as beside a film's first world."""

import pytest

from kinema.compiling import compiling_ahead


@pytest.fixture(scope="session", autouse=True)
def _kernels_ahead():
    with compiling_ahead(lambda count: None):
        yield
