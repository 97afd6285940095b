"""Building beforehand: orders are carried out elsewhere, and nothing hangs on them."""

import pickle
import time
from functools import partial
from io import BytesIO
from operator import truediv
from pathlib import Path

from kinema.stage.beforehand import beforehand, carry_out


def test_orders_are_carried_out_by_another_process(tmp_path: Path) -> None:
    wanted = tmp_path / "made"
    with beforehand() as order:
        order([wanted.touch])
        waited = time.monotonic() + 60.0
        while not wanted.exists() and time.monotonic() < waited:
            time.sleep(0.05)
    assert wanted.exists()


def test_leaving_early_does_not_wait_for_what_is_not_done(tmp_path: Path) -> None:
    with beforehand() as order:
        order([partial(time.sleep, 600.0), (tmp_path / "late").touch])
    assert not (tmp_path / "late").exists()


def test_an_order_that_fails_does_not_stop_those_after_it(tmp_path: Path) -> None:
    orders = [partial(truediv, 1, 0), (tmp_path / "next").touch]
    carry_out(BytesIO(pickle.dumps(orders)))
    assert (tmp_path / "next").exists()


def test_no_orders_are_no_error() -> None:
    carry_out(BytesIO(b""))
