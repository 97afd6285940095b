import resource
from types import SimpleNamespace

from kinema import effort


def test_memory_of_other_processes_counts(monkeypatch):
    held = {resource.RUSAGE_SELF: 900, resource.RUSAGE_CHILDREN: 300}
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=held[who] * 1024))
    monkeypatch.setattr(effort.sys, "platform", "linux")
    assert effort.peak_memory() == {"peak_rss_mb": 1200}
    monkeypatch.setattr(effort, "resource", None)
    assert effort.peak_memory() == {}
