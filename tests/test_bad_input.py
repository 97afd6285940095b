"""The command line as a stranger meets it: bad input ends in a sentence, its own exit code and no half-written film."""

import json
import os
import resource
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import kinema
from kinema.film.files import alone_in
from kinema.painter.weights import write_manifest

KINEMA = [sys.executable, "-m", "kinema"]
SMALL = ["--size", "160x90", "--fps", "12"]
IMPORTING = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "kinema.cli":
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt())
from kinema.__main__ import main
main()
"""
BOARD = """
title: a wolf waits
look: {medium: silhouette}
scenes: [{id: s, place: {set: mountain, hour: night}, duration: 10}]
cast: [{id: wolf, concept: wolf}]
shots: [{id: one, scene: s, start: 0, duration: 10, framing: {subject: wolf, size: wide}}]
"""


def run(folder, *arguments, given=None, **ways):
    return subprocess.run([*KINEMA, *arguments], cwd=folder, input=given, capture_output=True, timeout=300, **ways)


def refused(done, code, rule):
    said = done.stderr.decode()
    assert done.returncode == code, said
    assert rule in said
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("kinema: ")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "board.yaml").write_text(BOARD)
    (tmp_path / "taken").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "code", "rule"),
    [
        (b"", 2, "the prompt must hold words"),
        (b" \n\x00\x07 ?!", 2, "the prompt must hold words"),
        (b"a cat sleeps. " * 75_000, 2, "the prompt must be at most 4000 characters"),
        (b"{", 3, "not YAML or JSON"),
        (BOARD.encode() + b"colour: red\n", 3, "colour: no such key is known here"),
        (BOARD.replace("subject: wolf", "subject: ghost").encode(), 3, "no subject is called 'ghost'; known: wolf"),
    ],
)
def test_what_is_poured_in(folder, given, code, rule):
    done = run(folder, "plan", "-", given=given)
    refused(done, code, rule)
    assert done.stderr.count(b"\n") == 1
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("shots:", "beats: [{id: b, scene: s, subject: wolf, action: fly, start: 0, end: 9}]\nshots:", "cannot fly"),
        ("concept: wolf", "concept: man, garments: [{kind: spacesuit}]", "no garment is called 'spacesuit'"),
        ("concept: wolf", "concept: man, garments: [{kind: hat, colour: octarine}]", "no colour is called 'octarine'"),
        ("concept: wolf", "concept: suv, colours: {body: octarine}", "no colour is called 'octarine'"),
    ],
)
def test_what_the_stage_lacks_is_refused_before_anything_is_written(folder, was, becomes, rule):
    (folder / "board.yaml").write_text(BOARD.replace(was, becomes))
    refused(run(folder, "make", "board.yaml", *SMALL, "--out", "f.mp4"), 4, rule)
    assert {path.name for path in folder.iterdir()} == {"board.yaml", "taken"}


def test_what_somebody_else_made_is_left_alone(folder):
    (folder / "holiday.mp4").write_bytes(b"a birthday")
    for out, command, rule in (
        ("holiday.mp4", "make", "is there and was not made here (no holiday/storyboard.yaml)"),
        ("board.yaml", "sheet", "a sheet is a PNG file (got board.yaml); try --out board.png"),
        (".", "sheet", "must name a sheet, not a folder"),
    ):
        refused(run(folder, command, "board.yaml", "--out", out), 5, rule)
    assert (folder / "holiday.mp4").read_bytes() == b"a birthday"
    assert (folder / "board.yaml").read_text() == BOARD
    assert {path.name for path in folder.iterdir()} == {"board.yaml", "taken", "holiday.mp4"}


def test_two_films_do_not_meet_in_one_folder(folder):
    with alone_in(folder / "film"):
        done = run(folder, "make", "board.yaml", *SMALL, "--out", "film.mp4")
    refused(done, 5, "another film is being made in film; wait for it or give another --out")
    assert list((folder / "film").iterdir()) == []
    with alone_in(folder / "film"):
        pass


def test_a_prompt_and_a_path_in_a_locale_that_has_no_letters_for_them(folder):
    spoken = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = run(folder, "plan", "-", given="一只猫在睡觉".encode(), env=spoken)
    assert done.returncode == 0
    assert "一只猫在睡觉" in done.stdout.decode()
    refused(run(folder, "plan", "-", given=b"\xff\xfe cat", env=spoken), 2, "standard input is not UTF-8 text")


def test_standard_error_that_is_full_or_closed_stops_nothing(folder):
    silent = {"stdout": subprocess.PIPE, "cwd": folder}
    with open("/dev/full", "w") as full:
        assert subprocess.run([*KINEMA, "plan", " "], stderr=full, **silent).returncode == 2
    done = subprocess.run([*KINEMA, "plan", " "], preexec_fn=lambda: os.close(2), **silent)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_storyboard_may_be_poured_in(folder):
    assert b"a wolf waits" in run(folder, "plan", "-", given=BOARD.encode()).stdout


@pytest.mark.parametrize("prompt", ["a man reads board.yml", "a cat sleeps beside data.json"])
def test_a_prompt_may_end_like_a_file(folder, prompt):
    assert run(folder, "plan", prompt).returncode == 0


@pytest.mark.parametrize(
    ("out", "rule"),
    [
        ("taken/film.mp4", "Not a directory"),
        ("taken.mp4", "Not a directory"),
        ("/proc/films/film.mp4", "No such file or directory"),
        ("x" * 300 + ".mp4", "File name too long"),
        ("film.avi", "a film is an MP4 file (got film.avi); try --out film.mp4"),
        (".", "must name a film, not a folder"),
    ],
)
def test_folders_that_take_no_film(folder, out, rule):
    before = sorted(folder.rglob("*"))
    refused(run(folder, "make", "board.yaml", *SMALL, "--out", out), 5, rule)
    assert sorted(folder.rglob("*")) == before


def test_a_disk_that_is_full_before_the_first_picture(folder):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))

    refused(run(folder, "make", "board.yaml", *SMALL, "--out", "f.mp4", preexec_fn=small_files), 5, "cannot write")
    assert [path for path in folder.rglob("*") if path.is_file() and path.name not in ("board.yaml", "taken")] == []


def test_standard_output_that_is_full_or_gone(folder):
    for command in (["plan", "board.yaml"], ["--help"], ["plan", "--help"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*KINEMA, *command], cwd=folder, stdout=full, stderr=subprocess.PIPE)
        refused(done, 5, "cannot write to standard output: No space left on device")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*KINEMA, "plan", "board.yaml"], cwd=folder, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr


def test_standard_streams_that_are_closed(folder):
    def run_without(stream, *arguments):
        return subprocess.run(
            [*KINEMA, *arguments], cwd=folder, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(stream)
        )

    done = run_without(1, "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    refused(run_without(0, "plan", "-"), 2, "standard input is closed; send the prompt through it")


@pytest.fixture
def weighted(folder):
    """A copy of the package, by links, with weights of its own: the environment to run it in, and their folder."""
    home, copy = Path(kinema.__file__).parent, folder / "copy" / "kinema"
    (copy / "painter" / "weights").mkdir(parents=True)
    for original in [*home.iterdir(), *(home / "painter").iterdir()]:
        if original.name not in ("painter", "weights", "__pycache__"):
            (copy / original.relative_to(home)).symlink_to(original)
    weights = copy / "painter" / "weights"
    (weights / "bridge.xml").write_text("<net/>" * 100)
    (weights / "bridge.bin").write_bytes(bytes(range(256)))
    write_manifest(weights, ("bridge.xml", "bridge.bin"), {"steps": 1})
    return os.environ | {"PYTHONPATH": str(folder / "copy")}, weights


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (lambda folder: os.truncate(folder / "bridge.bin", 100), "must have 256 bytes (got 100)"),
        (lambda folder: (folder / "bridge.bin").write_bytes(bytes(range(255)) + b"\xfe"), "have been altered"),
        (lambda folder: (folder / "bridge.xml").unlink(), "lack bridge.xml"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "is not a manifest of weights"),
    ],
)
def test_damaged_weights(folder, weighted, damage, rule):
    environment, weights = weighted
    damage(weights)
    for painter in ("native", "auto"):
        done = run(folder, "make", "board.yaml", *SMALL, "--painter", painter, "--out", "f.mp4", env=environment)
        refused(done, 6, rule)
    assert not (folder / "f").exists()


@pytest.mark.parametrize(
    ("moment", "stop"), [("planned", signal.SIGINT), ("progress", signal.SIGINT), ("progress", signal.SIGHUP)]
)
def test_being_stopped_in_the_middle(folder, moment, stop):
    command = [*KINEMA, "make", "board.yaml", *SMALL, "--out", "film.mp4", "--json"]
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a background job's children would ignore it
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True, preexec_fn=heard) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        for line in running.stdout:
            if json.loads(line)["event"] == moment:
                running.send_signal(stop)
                break
        running.stdout.read()
        said = running.stderr.read()
    assert running.returncode == 130
    assert said == "kinema: stopped; no half-written film was left behind\n"
    assert {path.name for path in folder.iterdir()} == {"board.yaml", "taken", "film"}
    assert {path.name for path in (folder / "film").iterdir()} <= {"storyboard.yaml", "sheet.png"}


def test_being_stopped_before_it_began(folder):
    done = subprocess.run([sys.executable, "-c", IMPORTING], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert done.stderr == "kinema: stopped before anything was begun\n"
