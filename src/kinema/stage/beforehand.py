"""Beforehand: another process makes what will soon be asked for, and leaves it in the disk cache.

Nothing depends on it: what it has not made when it is asked for is made by whoever asks, and is the same.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from kinema.stage.cores import threads

GRACE = 2.0  # seconds that a helper gets to end by itself
Order = Callable[[], object]  # what can be pickled, and keeps what it makes (see cache.kept) or gives further orders


class Helper:
    """A process that stands by for orders and carries them out in turn; or nobody, with one core or no room for it."""

    def __init__(self, process: subprocess.Popen[bytes] | None = None) -> None:
        self._process = process
        self._letters: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        if process is not None:  # a pipe holds little, and who starts up reads late
            threading.Thread(target=_post, args=(process.stdin, self._letters), daemon=True).start()

    def give(self, orders: Sequence[Order]) -> None:
        """Have orders carried out after those given before."""
        with suppress(Exception):  # what cannot be sent raises whatever it likes; whoever needs it makes it
            self._letters.put(pickle.dumps(list(orders)))  # in one piece, so that what orders share stays shared

    def dismiss(self) -> None:
        """It may go when it has carried out what it was given."""
        self._letters.put(b"")

    def end(self) -> None:
        """End it, whatever it is at."""
        self.dismiss()
        if self._process is not None:
            self._process.terminate()  # which it answers by leaving no half-written file
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE)
            self._process.kill()
            self._process.wait()


@contextmanager
def beforehand() -> Iterator[Helper]:
    """Within the block a process stands by for orders."""
    helper = Helper(_started() if threads() > 1 else None)
    try:
        yield helper
    finally:
        helper.end()


def _started() -> subprocess.Popen[bytes] | None:
    none = subprocess.DEVNULL
    with suppress(OSError):
        return subprocess.Popen([sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=none, stderr=none)
    return None


def _post(pipe: Any, letters: queue.SimpleQueue[bytes]) -> None:
    """Write letters into a pipe and close it after the last, an empty one."""
    with suppress(OSError), pipe:  # it ended before
        for letter in iter(letters.get, b""):
            pipe.write(letter)
            pipe.flush()


def carry_out(letters: BinaryIO) -> None:
    """Carry out the orders that a stream holds, and those that they give, as long as whoever sends them is there. One
    that fails is left to whoever asks for what it makes."""
    master = os.getppid()
    with suppress(EOFError):
        while True:
            orders = deque(pickle.load(letters))
            while orders:
                if os.getppid() != master:
                    return
                with suppress(Exception):
                    further = orders.popleft()()
                    orders.extendleft(reversed(further if isinstance(further, list) else []))


if __name__ == "__main__":
    for name in {"SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, name), lambda *_: sys.exit())
    with suppress(KeyboardInterrupt):
        import kinema.stage.rehearsal  # noqa: F401  all that orders need, loaded while they are on their way

        carry_out(sys.stdin.buffer)
