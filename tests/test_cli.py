import json
import subprocess
import sys

import pytest

from kinema import cli
from kinema.schema.files import to_yaml
from samples.boards import board


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["kinema", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "code", "rule"),
    [
        (["make", ""], 2, "the prompt must hold words"),
        (["make", "a cat", "--seconds", "0"], 2, "seconds must be 1 to 600 (got 0); try --seconds 20"),
        (["make", "a cat", "--seconds", "10000"], 2, "seconds must be 1 to 600"),
        (["make", "a cat", "--size", "huge"], 2, "size must be WIDTHxHEIGHT"),
        (["make", "a cat", "--size", "100000x100000"], 2, "width must be an even number from 64 to 3840 (got 100000)"),
        (["make", "a cat", "--fps", "nan"], 2, "fps must be a whole number (got 'nan')"),
        (["make", "a cat", "--look", "oil"], 2, "look must be 'natural', 'silhouette' or 'film' (got 'oil')"),
        (["make", "a cat", "--nonsense"], 2, "No such option"),
        (["make", "nowhere.yaml"], 3, "cannot read nowhere.yaml"),
        (["make", "a cat", "--painter", "crayon"], 2, "painter"),
    ],
)
def test_bad_input_is_one_sentence_and_an_exit_code(capsys, monkeypatch, tmp_path, arguments, code, rule):
    monkeypatch.chdir(tmp_path)
    ended, out, said = run(capsys, monkeypatch, *arguments)
    assert ended == code
    assert rule in said
    assert said.count("\n") == 1
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def test_unknown_keys_and_undefined_subjects_are_refused(capsys, monkeypatch, tmp_path):
    path = tmp_path / "board.yaml"
    path.write_text(to_yaml(board()).replace("title:", "colour: red\ntitle:"))
    assert run(capsys, monkeypatch, "make", str(path))[0] == 3
    path.write_text(to_yaml(board()).replace("subject: woman", "subject: ghost"))
    code, _, said = run(capsys, monkeypatch, "make", str(path))
    assert code == 3
    assert "no subject is called 'ghost'" in said


def test_a_plan_prints_the_storyboard_as_yaml_or_json(capsys, monkeypatch, tmp_path):
    path = tmp_path / "board.yaml"
    path.write_text(to_yaml(board()))
    _, out, _ = run(capsys, monkeypatch, "plan", str(path))
    assert out.strip() == to_yaml(board()).strip()
    _, out, _ = run(capsys, monkeypatch, "plan", str(path), "--json")
    assert json.loads(out)["title"] == "a walk"


def test_ctrl_c_ends_with_130(capsys, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "film_request", interrupted)
    code, _, said = run(capsys, monkeypatch, "make", "a cat")
    assert code == 130
    assert "stopped" in said


def test_the_options_are_a_decision(capsys, monkeypatch):
    options = {
        "make": {"--seconds", "--size", "--fps", "--seed", "--look", "--painter", "--out", "--json"},
        "plan": {"--seconds", "--look", "--json"},
        "sheet": {"--seconds", "--size", "--seed", "--look", "--out"},
        "doctor": {"--json"},
    }
    for command, expected in options.items():
        _, out, _ = run(capsys, monkeypatch, command, "--help")
        found = {word for line in out.splitlines() for word in line.split()[:1] if word.startswith("--")}
        assert found - {"--help", "--no-json"} == expected


def test_help_and_import_load_no_numerical_library():
    probe = "import sys, kinema, kinema.cli; print([m for m in ('numpy', 'numba', 'scipy', 'av') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
