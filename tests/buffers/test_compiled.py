import os
import subprocess
import sys

import numpy as np
import pytest

from kinema.buffers.compiled import digest, helper, kernel
from kinema.stage.raster.kernel import disjoint, inlined

CALLER = """
import sys
import numpy as np
from helper import TABLE, twice
from kinema.buffers.compiled import kernel

@kernel
def total(values):
    s = 0.0
    for v in values:
        s += twice(v) + TABLE[0]
    return s

print(total(np.ones(3)), sum(total.stats.cache_hits.values()))
"""
HELPER = """
import numpy as np
from kinema.buffers.compiled import kernel

TABLE = np.array([{constant}])

@kernel
def twice(x):
    return {factor} * x
"""


def made(text, **names):
    """The function f of a source text."""
    space = {"np": np, "kernel": kernel, **names}
    exec(text, space)
    return space["f"]


@pytest.fixture
def package(tmp_path):
    """Writes helper.py and a caller of it, runs the caller, and says what it printed."""

    def run(factor=2.0, constant=0.0, **environment):
        (tmp_path / "helper.py").write_text(HELPER.format(factor=factor, constant=constant))
        (tmp_path / "caller.py").write_text(CALLER)
        done = subprocess.run(
            [sys.executable, "caller.py"],
            cwd=tmp_path, env=os.environ | environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.split()

    run.folder = tmp_path
    return run


def test_a_helper_in_another_file_that_changes_is_never_stale(package):
    assert package() == ["6.0", "0"]
    assert package() == ["6.0", "1"]
    assert package(factor=5.0) == ["15.0", "0"]
    assert package(factor=5.0, constant=1.0) == ["18.0", "0"]
    assert package() == ["6.0", "1"]


@pytest.mark.parametrize("kind", ["*.nbc", "*.nbi", "*.nb[ci]"])
@pytest.mark.parametrize("length", [0, 100])
def test_damaged_files_are_compiled_and_kept_anew(package, kind, length):
    package()
    for file in (package.folder / "__pycache__").glob(kind):
        file.write_bytes(file.read_bytes()[:length])
    assert package() == ["6.0", "0"]
    assert package() == ["6.0", "1"]


def test_without_a_writable_place_kernels_are_compiled_in_memory(package):
    (package.folder / "__pycache__").write_text("not a folder")
    taken = package.folder / "taken"
    taken.write_text("not a folder")
    nowhere = {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(taken), "XDG_CACHE_HOME": str(taken)}
    assert package(**nowhere) == ["6.0", "0"]
    assert package(**nowhere) == ["6.0", "0"]


def test_the_digest_is_of_what_is_said_not_where():
    same = made("def f(x):\n    return x + 1"), made("\n\n\ndef f(x):\n    return x + 1")
    assert digest(same[0]) == digest(same[1])
    assert digest(same[0]) != digest(made("def f(x):\n    return x + 2"))
    assert digest(same[0]) != digest(made("def f(x):\n    return x - 1"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (0.5, 0.25),
        ((1, 2), (1, 3)),
        (np.zeros(2), np.ones(2)),
        ((np.zeros(2000),), (np.eye(1, 2000, 1000)[0],)),  # unlike only in the middle
    ],
)
def test_constants_of_other_modules_count(one, other):
    text = "def f(x):\n    return x + LIMIT"
    assert digest(made(text, LIMIT=one)) == digest(made(text, LIMIT=one))
    assert digest(made(text, LIMIT=one)) != digest(made(text, LIMIT=other))


def test_kernels_below_kernels_count_and_may_call_themselves():
    chain = (
        "@kernel\ndef low(x):\n    return x * {}\n@kernel\ndef mid(x):\n    return low(x)\ndef f(x):\n    return mid(x)"
    )
    assert digest(made(chain.format(2))) != digest(made(chain.format(3)))
    circle = "@kernel\ndef g(x):\n    return g(x - 1) if x > 0 else 0\ndef f(x):\n    return g(x)"
    assert len(digest(made(circle))) == 64


def test_what_a_kernel_is_compiled_with_counts_and_that_of_the_kernels_it_calls():
    ways = [helper, disjoint, inlined]
    own = {digest(way(made("def f(x):\n    return x + 1")).py_func) for way in ways}
    callers = {digest(made("@way\ndef g(x):\n    return x + 1\ndef f(x):\n    return g(x)", way=way)) for way in ways}
    assert (len(own), len(callers)) == (3, 3)
