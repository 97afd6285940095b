import json

from kinema import doctor

FOUND = {
    "versions": {"python": "3.11.7", "numpy": "2.4.6"},
    "extras": {"train": False},
    "cores": 2,
    "memory_gb": 23.5,
    "free_disk_gb": 100.0,
    "startup_s": 6.0,
    "ms_per_720p_frame": 250,
    "minute_of_720p_min": 6.1,
}


def test_findings_are_plain_values_and_the_estimate_adds_up(monkeypatch):
    monkeypatch.setattr(doctor, "_measure", lambda: (6.0, 0.25))
    found = json.loads(json.dumps(doctor.examine()))
    assert set(found) == set(FOUND)
    assert found["ms_per_720p_frame"] == 250
    assert found["minute_of_720p_min"] == 6.1
    assert found["cores"] >= 1
    assert found["memory_gb"] > 0
    assert found["versions"]["numpy"].startswith("2.")


def test_a_person_reads_them_in_five_lines():
    said = doctor.told(FOUND).splitlines()
    assert len(said) == 5
    assert said[0] == "installed   python 3.11.7, numpy 2.4.6"
    assert said[1] == "extras      train: no"
    assert said[4] == "estimate    one minute of 1280x720 at 24 fps: 6.1 minutes, encoding apart"
