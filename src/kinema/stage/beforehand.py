"""Building beforehand: another process makes what will soon be asked for, and leaves it in the disk cache.

Nothing depends on it: what it has not made when it is asked for is made by whoever asks, and is the same.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from kinema.stage.raster.kernel import threads

GRACE = 2.0  # seconds that a helper gets to end by itself
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
            helper.terminate()  # which it answers by leaving no half-written file
            with suppress(subprocess.TimeoutExpired):
                helper.wait(GRACE)
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
    try:
        written = pickle.dumps(list(orders))  # in one piece, so that what orders share stays shared
    except Exception:  # what cannot be sent raises whatever it likes; whoever needs it makes it
        return

    def send() -> None:
        with suppress(OSError, ValueError):  # it ended before
            _input(helper).write(written)
            _input(helper).close()

    threading.Thread(target=send, daemon=True).start()


def carry_out(orders: BinaryIO) -> None:
    """Carry out the orders that a stream holds, as long as whoever gave them is there. One that fails is left to
    whoever asks for what it makes."""
    master = os.getppid()
    with suppress(EOFError):
        for order in pickle.load(orders):
            if os.getppid() != master:
                return
            with suppress(Exception):
                order()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with suppress(KeyboardInterrupt):
        import kinema.stage.casting  # noqa: F401  all that orders need, loaded while they are on their way

        carry_out(sys.stdin.buffer)
