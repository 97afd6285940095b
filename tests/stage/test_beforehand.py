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
    with beforehand() as helper:
        helper.give([wanted.touch])
        waited = time.monotonic() + 60.0
        while not wanted.exists() and time.monotonic() < waited:
            time.sleep(0.05)
    assert wanted.exists()


def test_leaving_early_ends_what_is_not_done(tmp_path: Path) -> None:
    named = tmp_path / "process"
    with beforehand() as helper:
        tell = f"open({str(named)!r}, 'w').write(str(__import__('os').getpid()))"
        helper.give([partial(eval, tell), partial(time.sleep, 600.0)])
        waited = time.monotonic() + 60.0
        while not (named.exists() and named.read_text()) and time.monotonic() < waited:
            time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(int(named.read_text()), 0)


def test_what_cannot_be_sent_is_left(tmp_path: Path) -> None:
    with beforehand() as helper:
        helper.give([lambda: None])


def test_an_order_that_fails_does_not_stop_those_after_it(tmp_path: Path) -> None:
    orders = [partial(truediv, 1, 0), (tmp_path / "next").touch]
    carry_out(BytesIO(pickle.dumps(orders)))
    assert (tmp_path / "next").exists()


def test_what_an_order_gives_is_carried_out_before_the_next(tmp_path: Path) -> None:
    said = tmp_path / "said"
    further = partial(list, [partial(said.write_text, "first")])
    carry_out(BytesIO(pickle.dumps([further, partial(said.rename, tmp_path / "kept")]) + pickle.dumps([said.touch])))
    assert (tmp_path / "kept").read_text() == "first"
    assert said.exists()


def test_a_dismissed_helper_carries_out_what_it_has_and_goes(tmp_path: Path) -> None:
    named = tmp_path / "process"
    with beforehand() as helper:
        helper.give([partial(eval, f"open({str(named)!r}, 'w').write(str(__import__('os').getpid()))")])
        helper.dismiss()
        waited = time.monotonic() + 60.0
        while not (named.exists() and named.read_text()) and time.monotonic() < waited:
            time.sleep(0.05)
        state = Path(f"/proc/{named.read_text()}/stat")
        while state.exists() and state.read_text().split()[2] != "Z" and time.monotonic() < waited:
            time.sleep(0.05)
        assert time.monotonic() < waited


def test_no_orders_are_no_error() -> None:
    carry_out(BytesIO(b""))
