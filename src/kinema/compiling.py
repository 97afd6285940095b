"""Compiling on a fresh machine: all kernels at once, by as many processes as there are cores, not one after another.

Numba compiles a kernel when it is first called and keeps the result on disk. kernels.yaml lists the kernels of a film
and the types they are called with (recipes/kernels.py writes it). Nothing depends on it: whatever is missing there, or
fails here, is compiled when it is called, as always.
"""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from numba import types

from kinema.schema.tables import parsed
from kinema.stage.cores import threads

TABLE = Path(__file__).with_name("kernels.yaml")
LIGHTLY = {"NUMBA_OPT": "2"}  # compiles in four fifths of the time; the code is as fast, and its results the same bytes
MOST = 8  # processes, each of which holds a compiler: some hundred megabytes
LONGEST = 600.0  # seconds that anybody waits for them
ARRAY = re.compile(r"(\w+)\[(\d)([CA])\]")  # float32[2C]: type of its numbers, dimensions, layout
Wanted = tuple[str, str]  # a kernel by its module and name, and the types of its arguments


@cache
def listed() -> tuple[Wanted, ...]:
    """Every kernel and its types, by module."""
    table: dict[str, list[str]] = parsed(TABLE.read_text("utf-8"))
    return tuple((name, written) for name, signatures in table.items() for written in signatures)


def written(signature: Sequence[Any]) -> str | None:
    """Types of arguments as the table has them; None for types that it does not know."""
    words = [_word(one) for one in signature]
    return None if None in words else " ".join(str(word) for word in words)


def _word(one: Any) -> str | None:
    if isinstance(one, types.Array):
        plain = types.Array(one.dtype, one.ndim, one.layout)
        return f"{one.dtype}[{one.ndim}{one.layout}]" if one == plain else None
    if isinstance(one, types.Tuple):
        words = [_word(part) for part in one.types]
        plain = all(word is not None and "(" not in word for word in words)  # a tuple of tuples is not read back
        return f"({','.join(str(word) for word in words)})" if plain else None
    plain_number = isinstance(one, types.Number | types.Boolean) and not isinstance(one, types.Literal)
    return str(one) if plain_number else None


def read(text: str) -> tuple[Any, ...]:
    """The types that `written` wrote. Raises: AttributeError for one that Numba does not have."""
    return tuple(_type(word) for word in text.split())


def _type(word: str) -> Any:
    if word.startswith("("):
        return types.Tuple(tuple(_type(part) for part in word[1:-1].split(",")))
    array = ARRAY.fullmatch(word)
    if array is None:
        return types.boolean if word == "bool" else getattr(types, word)
    return types.Array(getattr(types, array[1]), int(array[2]), array[3])


def compiled(package: str) -> Iterator[tuple[str, Any]]:
    """Every kernel of a package that was compiled in this process and is kept on disk, by its name."""
    for name, module in list(sys.modules.items()):
        for attribute, value in list(vars(module).items()) if name.startswith(f"{package}.") else ():
            own = getattr(value, "signatures", None) and value.py_func.__module__ == name
            if own and hasattr(value._cache, "holds"):
                yield f"{name}.{attribute}", value


def kernel_named(name: str) -> Any:
    """The kernel that a table's row names. Raises: ImportError, AttributeError when there is none."""
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def missing() -> tuple[Wanted, ...]:
    """What of the table was never compiled on this machine."""
    return tuple(row for row in listed() if not _kept(*row))


def _kept(name: str, text: str) -> bool:
    try:
        kernel = kernel_named(name)
        return bool(kernel._cache.holds(read(text), kernel.targetctx))
    except (ImportError, AttributeError):
        return True  # a row of another version: nothing will ask for it


def compile_share(number: int, of: int) -> None:
    """Compile missing kernels as the number-th of so many processes, and keep them on disk.

    Two and two work towards each other from the ends of their part of the table, until what is left is there already:
    neighbours in the table are made of the same helpers, which every process must compile for itself.
    """
    rows, pairs = missing(), -(-of // 2)
    part = rows[len(rows) * (number // 2) // pairs : len(rows) * (number // 2 + 1) // pairs]
    for name, text in part[:: -1 if number % 2 else 1]:
        if not _kept(name, text):
            with suppress(Exception):  # it will be said, if it still fails, by whoever calls it
                kernel_named(name).compile(read(text))


def _worker(number: int, of: int) -> subprocess.Popen[bytes]:
    order, none = [sys.executable, "-P", "-m", __name__, str(number), str(of)], subprocess.DEVNULL
    return subprocess.Popen(order, stdin=none, stdout=none, stderr=none, env={**os.environ, **LIGHTLY})


@contextmanager
def compiling_ahead(say: Callable[[int], None]) -> Iterator[Callable[[], None]]:
    """Within the block other processes compile whatever is missing; what it is given waits for them.

    say: told how many kernels they are, if any
    """
    absent = len(missing())
    crowd = min(threads(), absent, MOST)
    workers: list[subprocess.Popen[bytes]] = []

    def wait() -> None:
        for worker in workers:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(timeout=LONGEST)

    try:
        if crowd > 1:
            say(absent)
            with suppress(OSError):  # no room for another process: they are compiled here, then
                workers.extend(_worker(number, crowd) for number in range(crowd))
        yield wait
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


if __name__ == "__main__":
    compile_share(int(sys.argv[1]), int(sys.argv[2]))
