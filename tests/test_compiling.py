"""What a fresh machine compiles ahead: the table names what films call, and is compiled by shares."""

import os
import subprocess
import sys

import numba
import pytest
from numba import types

from kinema import compiling

SMALL = """
from kinema.compiling import compiled, listed, written
from kinema.studio import Studio
from kinema.schema.asking import film_request
studio = Studio(film_request(prompt="a fox sits in a bedroom in the evening", seconds="1", width=96, height=64))
next(studio.frames())
for name, kernel in compiled("kinema.stage"):
    for one in kernel.signatures:
        print((name, written(one)) in listed(), name, written(one))
"""


def test_types_are_written_and_read_back():
    signature = (numba.float32[:, ::1], numba.int32[:, :, :], types.int64, types.float32, types.boolean)
    text = compiling.written(signature)
    assert text == "float32[2C] int32[3A] int64 float32 bool"
    assert compiling.read(text) == signature
    assert compiling.written((types.UniTuple(types.int64, 2),)) is None
    nested = types.Tuple((types.Tuple((types.int64, types.boolean)), types.int32))
    assert compiling.written((nested,)) is None
    group = (types.Tuple((numba.float32[:, ::1], types.boolean)), types.int32)
    assert compiling.written(group) == "(float32[2C],bool) int32"
    assert compiling.read("(float32[2C],bool) int32") == group


def test_every_row_names_a_kernel_and_types_that_it_takes():
    rows = compiling.listed()
    assert len(rows) == len(set(rows)) > 30
    for name, text in rows:
        assert compiling.kernel_named(name).py_func.__code__.co_argcount == len(compiling.read(text)), name


def test_a_film_calls_what_the_table_lists():
    said = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert len(lines) > 20
    strange = [line for line in lines if line.startswith("False") and not line.endswith("None")]
    assert not strange, f"run recipes/kernels.py: {strange}"


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine that compiled nothing, and a table of two kernels."""
    rows = (
        ("kinema.stage.preview.mirror.slide_down", "float32[2C] int64"),
        ("kinema.stage.preview.mirror.slide_across", "float32[2C] int64"),
        ("kinema.stage.preview.mirror.gone", "float32[2C]"),
    )
    monkeypatch.setattr(compiling, "listed", lambda: rows)
    return tmp_path


def test_what_was_never_compiled_is_compiled_once(bare):
    program = f"""
import kinema.compiling as c
c.listed = lambda: {compiling.listed()!r}
before = [name.rsplit(".", 1)[1] for name, _ in c.missing()]
c.compile_share(1, 2)
print(before, [name.rsplit(".", 1)[1] for name, _ in c.missing()])
"""
    surroundings = {**os.environ, "NUMBA_CACHE_DIR": str(bare)}
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=surroundings)
    assert said.stdout.strip() == "['slide_down', 'slide_across'] []"
