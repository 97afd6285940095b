"""Work spread over threads: same pieces whoever does them."""

import threading

from kinema.stage.raster import kernel


def test_results_come_in_order_whatever_the_threads(monkeypatch):
    pieces = [(0, 4), (4, 8), (8, 10)]
    assert kernel.over(10, 4, lambda a, b: (a, b)) == pieces
    monkeypatch.setattr(kernel, "threads", lambda: 1)
    assert kernel.over(10, 4, lambda a, b: (a, b)) == pieces


def test_a_single_handed_thread_does_all_pieces_itself():
    seen = []

    def work():
        kernel.single_handed()
        seen.extend(kernel.over(10, 2, lambda a, b: threading.get_ident()))
        seen.append(threading.get_ident())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(seen) == 6
    assert len(set(seen)) == 1
