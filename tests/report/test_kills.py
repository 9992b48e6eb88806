"""Each hole of a kill matrix is named, and a sound one has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switch.report.kill_tables import (
    caught_rows,
    defect_rows,
    matrix_json,
    matrix_page,
    matrix_summary,
    scenario_rows,
)
from switch.report.kills import Extent, Kill, Matrix, Row, holes
from switch.terminal.defects import Defect

SLOW = Defect("slow", "T1", "the customer waits", {})
LOUD = Defect("loud", "D2", "the host is flooded", {}, styles=("lazy",))
TIMER = Row("timer", "timeouts", ("T1",))
STOP = Row("stop", "timeouts", ("D2", "T1"))
EVERYTHING = Extent(library=True, folders=frozenset({"timeouts"}), defects=True)


def kill(defect: str, style: str, scenario: str) -> Kill:
    return Kill(defect, style, scenario, f"{scenario}[a=b]", "it was wrong")


SOUND = Matrix(
    (TIMER, STOP),
    {"slow": SLOW, "loud": LOUD},
    ("eager", "lazy"),
    EVERYTHING,
    (
        kill("slow", "eager", "timer"),
        kill("slow", "lazy", "timer"),
        kill("loud", "lazy", "stop"),
    ),
    cases=5,
)


def without(defect: str, style: str) -> Matrix:
    left = tuple(k for k in SOUND.kills if (k.defect, k.style) != (defect, style))
    return replace(SOUND, kills=left)


def test_a_sound_matrix_has_no_hole() -> None:
    assert holes(SOUND) == []
    assert SOUND.pairs() == [("slow", "eager"), ("slow", "lazy"), ("loud", "lazy")]


def test_a_defect_must_be_caught_in_each_of_its_styles() -> None:
    assert holes(without("slow", "lazy")) == ["no scenario catches slow in style lazy"]


def test_a_part_of_the_library_proves_no_defect_uncaught() -> None:
    part = replace(without("slow", "lazy"), extent=Extent())
    assert holes(part) == []


def test_a_scenario_of_the_broken_rule_must_catch_it() -> None:
    other = replace(STOP, refs=("T1",))
    assert holes(replace(SOUND, rows=(TIMER, other))) == [
        "no scenario that names rule D2 catches loud, which breaks it"
    ]


def test_a_scenario_must_catch_something() -> None:
    idle = Row("idle", "host", ())
    assert holes(replace(SOUND, rows=(TIMER, STOP, idle))) == ["idle catches no defect"]


def test_one_that_the_usual_model_cannot_play_says_why_it_stands() -> None:
    other = Row("other", "host", (), "only some terminals do it", skipped=True)
    assert holes(replace(SOUND, rows=(TIMER, STOP, other))) == []
    silent = replace(other, stands="")
    assert holes(replace(SOUND, rows=(TIMER, STOP, silent))) == ["other catches no defect"]


TWIN = replace(
    SOUND,
    rows=(TIMER, STOP, Row("twin", "timeouts", ("T1",))),
    kills=(*SOUND.kills, kill("slow", "eager", "twin")),
)


def test_a_scenario_must_catch_what_its_neighbours_do_not() -> None:
    found = holes(TWIN)
    assert [hole.partition(" ")[0] for hole in found] == ["timer", "twin"]
    assert all("timeouts/" in hole for hole in found)


def test_or_say_why_it_stands() -> None:
    rows = tuple(replace(row, stands="one more way to lose a reply") for row in TWIN.rows)
    assert holes(replace(TWIN, rows=rows)) == []


def test_neighbours_that_were_not_run_prove_nothing() -> None:
    assert holes(replace(TWIN, extent=Extent(library=True, defects=True))) == []


def test_what_is_wrong_with_the_correct_terminal_comes_first() -> None:
    assert holes(replace(SOUND, blemishes=("timer is fail",))) == ["timer is fail"]


def test_styles_that_are_caught_alike_share_a_row() -> None:
    rows = defect_rows(SOUND)
    assert [(row["defect"], row["style"], row["caught_by"]) for row in rows] == [
        ("slow", "both", ["timer"]),
        ("loud", "lazy", ["stop"]),
    ]


def test_styles_that_are_not_have_one_each() -> None:
    rows = defect_rows(TWIN)
    assert [(row["style"], row["count"]) for row in rows] == [
        ("eager", 2),
        ("lazy", 1),
        ("lazy", 1),
    ]


@pytest.mark.parametrize(("library", "shown"), [(True, 3), (False, 2)])
def test_a_part_of_the_library_shows_only_what_was_caught(library: bool, shown: int) -> None:
    extent = replace(EVERYTHING, library=library)
    assert len(caught_rows(replace(without("slow", "eager"), extent=extent))) == shown


def test_a_row_of_a_scenario() -> None:
    first = scenario_rows(TWIN)[1]
    assert (first["scenario"], first["count"], first["only_here"]) == ("stop", 1, ["loud"])


def test_of_a_part_of_a_folder_nothing_is_only_here() -> None:
    part = replace(TWIN, extent=Extent())
    assert all(row["only_here"] == [] for row in scenario_rows(part))


def test_the_page() -> None:
    page = matrix_page(SOUND)
    assert "| slow | T1 | both | 1 | **timer** |" in page
    assert "| stop | timeouts | 1 | loud |" in page
    assert matrix_summary(SOUND) in page


def test_for_programs() -> None:
    found = matrix_json(SOUND, ["a hole"])
    assert found["problems"] == ["a hole"]
    assert found["summary"] == (
        "defects: 2, as 3 terminals (defect x style), of which caught: 3; "
        "scenarios: 2 with cases: 5; kills (terminal x scenario): 3"
    )
