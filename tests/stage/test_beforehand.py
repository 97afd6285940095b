"""Building beforehand: orders are carried out elsewhere, and nothing hangs on them."""

import os
import pickle
import time
from functools import partial
from io import BytesIO
from operator import truediv
from pathlib import Path

import pytest

from kinema.stage.beforehand import beforehand, carry_out


def test_orders_are_carried_out_by_another_process(tmp_path: Path) -> None:
    wanted = tmp_path / "made"
    with beforehand() as order:
        order([wanted.touch])
        waited = time.monotonic() + 60.0
        while not wanted.exists() and time.monotonic() < waited:
            time.sleep(0.05)
    assert wanted.exists()


def test_leaving_early_ends_what_is_not_done(tmp_path: Path) -> None:
    named = tmp_path / "process"
    with beforehand() as order:
        tell = f"open({str(named)!r}, 'w').write(str(__import__('os').getpid()))"
        order([partial(eval, tell), partial(time.sleep, 600.0)])
        waited = time.monotonic() + 60.0
        while not (named.exists() and named.read_text()) and time.monotonic() < waited:
            time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(int(named.read_text()), 0)


def test_what_cannot_be_sent_is_left(tmp_path: Path) -> None:
    with beforehand() as order:
        order([lambda: None])


def test_an_order_that_fails_does_not_stop_those_after_it(tmp_path: Path) -> None:
    orders = [partial(truediv, 1, 0), (tmp_path / "next").touch]
    carry_out(BytesIO(pickle.dumps(orders)))
    assert (tmp_path / "next").exists()


def test_no_orders_are_no_error() -> None:
    carry_out(BytesIO(b""))
