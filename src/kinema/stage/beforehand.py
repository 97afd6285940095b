"""Building beforehand: another process makes what will soon be asked for, and leaves it in the disk cache.

Nothing depends on it: what it has not made when it is asked for is made by whoever asks, and is the same.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from kinema.stage.raster.kernel import threads

Order = Callable[[], object]  # what can be pickled, and keeps what it makes (see cache.kept)


@contextmanager
def beforehand() -> Iterator[Callable[[Sequence[Order]], None]]:
    """Within the block a process stands by for orders, which it carries out in turn; it is given them once.

    With one core, or no room for a process, nobody does.
    """
    helper = _started() if threads() > 1 else None
    try:
        yield lambda orders: _sent(helper, orders)
    finally:
        if helper is not None:
            helper.kill()
            helper.wait()
            with suppress(OSError):
                _input(helper).close()


def _started() -> subprocess.Popen[bytes] | None:
    none = subprocess.DEVNULL
    with suppress(OSError):
        return subprocess.Popen([sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=none, stderr=none)
    return None


def _input(helper: subprocess.Popen[bytes]) -> Any:
    assert helper.stdin is not None
    return helper.stdin


def _sent(helper: subprocess.Popen[bytes] | None, orders: Sequence[Order]) -> None:
    """Send orders in a thread of their own: a pipe holds little, and who starts up reads late."""
    if helper is None:
        return
    written = pickle.dumps(list(orders))  # in one piece, so that what orders share stays shared

    def send() -> None:
        with suppress(OSError, ValueError):  # it ended before
            _input(helper).write(written)
            _input(helper).close()

    threading.Thread(target=send, daemon=True).start()


def carry_out(orders: BinaryIO) -> None:
    """Carry out the orders that a stream holds. One that fails is left to whoever asks for what it makes."""
    with suppress(EOFError):
        for order in pickle.load(orders):
            with suppress(Exception):
                order()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        import kinema.stage.casting  # noqa: F401  all that orders need, loaded while they are on their way

        carry_out(sys.stdin.buffer)
