"""How Numba kernels are compiled: nogil, no fastmath, kept on disk under a digest of everything they are made of.

Numba's own cache knows a kernel by its file alone: change a constant or an inlined helper in another file, and the old
machine code still runs. Here the key is what the kernel says, and all it refers to says, so stale code is never found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numba
import numpy as np
from numba.core import caching

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def kernel(function: Callable[..., Any], promise: str = "") -> Any:
    """Compile on first call, at each set of types, and keep the result on disk; without a writable place, in memory.

    promise: names what the compiler is told besides, for which Numba has no option
    """
    dispatcher = helper(function, promise)
    dispatcher._cache = _Kept(function)
    return dispatcher


def disjoint(function: Callable[..., Any]) -> Any:
    """A kernel whose array arguments never overlap where it writes: told so, the compiler runs look-ups that stand
    among stores side by side. Numba knows the promise but offers no option for it."""
    dispatcher = kernel(function, "noalias")

    def promise(flags: Any) -> Any:
        flags.noalias = True
        return flags

    dispatcher._compiler._customize_flags = promise
    return dispatcher


def helper(function: Callable[..., Any], promise: str = "", **options: bool | str) -> Any:
    """Compile on first call, in memory: for kernels that only other kernels call. options: Numba's, besides its own."""
    vars(function)["compiled_with"] = repr((sorted({**OPTIONS, **options}.items()), promise))  # read by the digest
    return numba.njit(**OPTIONS, **options)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """A kernel's helper, always compiled into its callers however long it is."""
    return helper(function, forceinline=True)


def digest(function: Any) -> str:
    """Hexadecimal SHA-256 of a function's bytecode, of the options it is compiled with, and of all constants, arrays
    and kernels it reads, however deep."""
    content = hashlib.sha256()
    _feed(function, content, set())
    return content.hexdigest()


def _feed(function: Any, content: Any, met: set[int]) -> None:
    """Add what a function says to the content; met holds the ids of those that are already in it."""
    if id(function) in met:
        return
    met.add(id(function))
    content.update(vars(function).get("compiled_with", "").encode())
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    for code in _codes(function.__code__):
        said = [constant for constant in code.co_consts if not isinstance(constant, CodeType)]
        content.update(repr((code.co_code, code.co_names, code.co_varnames, said)).encode())
        for value in (*cells, *_referred(function.__globals__, code.co_names)):
            _feed_value(value, content, met)


def _feed_value(value: Any, content: Any, met: set[int]) -> None:
    python = getattr(value, "py_func", value)
    if isinstance(python, FunctionType):
        _feed(python, content, met)
    elif isinstance(value, np.ndarray):
        content.update(f"{value.dtype} {value.shape}".encode() + value.tobytes())
    elif isinstance(value, tuple):  # part by part: the text of a long array leaves out its middle
        content.update(f"tuple {len(value)}".encode())
        for part in value:
            _feed_value(part, content, met)
    elif isinstance(value, bool | int | float | complex | str | np.generic):
        content.update(repr(value).encode())


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and those of the functions written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _referred(names: dict[str, Any], used: tuple[str, ...]) -> Iterator[Any]:
    """What a function's global names stand for; of a module, the attributes that are named."""
    for name in used:
        value = names.get(name)
        if isinstance(value, ModuleType):
            yield from (vars(value)[part] for part in used if _is_frozen(vars(value).get(part)))
        else:
            yield value


def _is_frozen(value: Any) -> bool:
    """Numba compiles it in: a kernel, a number or an array, rather than a library's function."""
    return hasattr(value, "py_func") or isinstance(value, bool | int | float | tuple | np.generic | np.ndarray)


class _Keyed:
    """Names a kernel's files by its digest instead of its line."""

    def __init__(self, function: Any, file: str) -> None:
        super().__init__(function, file)  # type: ignore[call-arg]
        self.digest = digest(function)

    def get_source_stamp(self) -> str:
        return self.digest

    def get_disambiguator(self) -> str:
        return self.digest[:16]


class _Provided(_Keyed, caching.UserProvidedCacheLocator):  # type: ignore[misc]
    """In NUMBA_CACHE_DIR."""


class _InTree(_Keyed, caching.InTreeCacheLocator):  # type: ignore[misc]
    """In the package's __pycache__."""


class _UserWide(_Keyed, caching.UserWideCacheLocator):  # type: ignore[misc]
    """In the user's cache directory."""


class _Results(caching.CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = (_Provided, _InTree, _UserWide)


class _Files(caching.FunctionCache):  # type: ignore[misc]
    _impl_class = _Results


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While no other process stores: Numba chooses a file's name from an index that two would read at once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "kernels.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class _Kept(caching.NullCache):  # type: ignore[misc]
    """Looks for the files when the kernel is first called, once all that it refers to is defined."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    @cached_property
    def files(self) -> Any:
        """The files, or nowhere if neither the package nor the user's cache directory can be written."""
        try:
            return _Files(self.function)
        except RuntimeError:
            return caching.NullCache()

    @property
    def cache_path(self) -> Any:
        return self.files.cache_path

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled code for a signature; None when there is none, or its file is damaged."""
        try:
            return self.files.load_overload(sig, target_context)
        except Exception:  # a damaged pickle raises whatever it likes; compiling anew is always right
            with suppress(OSError):
                self.files.flush()  # or its index, damaged too, would stop what is compiled from being kept
            return None

    def holds(self, sig: Any, target_context: Any) -> bool:
        """Whether the compiled code for a signature is there; where nothing can be kept, nothing is missing."""
        files = self.files
        if isinstance(files, caching.NullCache):
            return True
        try:
            return files._index_key(sig, target_context.codegen()) in files._cache_file._load_index()
        except Exception:  # a damaged pickle raises whatever it likes
            return False

    def save_overload(self, sig: Any, cres: Any) -> None:
        """Keep it, if the disk has room and its index can be read."""
        with suppress(Exception), _alone(Path(self.cache_path)):  # a damaged index raises whatever it likes
            self.files.save_overload(sig, cres)

    def flush(self) -> None:
        self.files.flush()
