"""The kill matrix as rows: by defect, by scenario, in one sentence, as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from switch.report.kills import Matrix, Row

DEFECT_COLUMNS = ("defect", "rule", "style", "count", "caught_by")
SCENARIO_COLUMNS = ("scenario", "folder", "count", "only_here", "catches")
PAGE = """\
# Kill matrix

Made by `switch matrix --markdown > docs/kill-matrix.md` (`make docs`); a test fails when it is
stale. The model terminal is run with one mistake at a time, through every scenario, in both of its
styles: *eager* reverses at once, *lazy* before its next transaction. A mistake that no scenario
catches could reach a merchant; a scenario that catches nothing may be asserting nothing.

"""
DEFECTS_HEAD = """
## Defects, and the scenarios that catch them

Scenarios that name the broken rule in their `refs` stand first, in bold.

| defect | rule | style | scenarios | caught by |
| --- | --- | --- | --- | --- |
"""
SCENARIOS_HEAD = """
## Scenarios, and the defects that they catch

"Only here" names what no other scenario of the folder catches; where it is empty, the file says
in `stands:` why it is there.

| scenario | folder | defects | only here, or why it stands |
| --- | --- | --- | --- |
"""


def defect_rows(matrix: Matrix) -> list[dict[str, object]]:
    """One row for each defect, or one for each style where the styles differ."""
    return [
        {
            "defect": name,
            "rule": matrix.defects[name].rule,
            "style": style,
            "count": len(caught),
            "caught_by": caught,
        }
        for name in matrix.defects
        for style, caught in _by_style(matrix, name)
    ]


def caught_rows(matrix: Matrix) -> list[dict[str, object]]:
    """The rows of defects that were caught; of a whole library also those that were not."""
    return [row for row in defect_rows(matrix) if row["count"] or matrix.extent.library]


def _by_style(matrix: Matrix, defect: str) -> Iterator[tuple[str, list[str]]]:
    rule = matrix.defects[defect].rule
    owners = {row.name for row in matrix.rows if rule in row.refs}
    found = {}
    for style in (style for name, style in matrix.pairs() if name == defect):
        names = [kill.scenario for kill in matrix.killers(defect, style)]
        found[style] = sorted(names, key=lambda name: (name not in owners, name))
    if len(found) > 1 and len({tuple(names) for names in found.values()}) == 1:
        yield "both", next(iter(found.values()))
    else:
        yield from found.items()


def scenario_rows(matrix: Matrix) -> list[dict[str, object]]:
    """One row for each scenario."""
    return [_scenario(matrix, row) for row in matrix.rows]


def _scenario(matrix: Matrix, row: Row) -> dict[str, object]:
    catches = sorted(matrix.killed_by(row.name))
    alone = sorted(matrix.only_by(row)) if row.folder in matrix.extent.folders else []
    return {
        "scenario": row.name,
        "folder": row.folder,
        "count": len(catches),
        "only_here": alone,
        "stands": row.stands,
        "catches": catches,
    }


def matrix_summary(matrix: Matrix) -> str:
    """How large it is, in one sentence."""
    pairs = matrix.pairs()
    caught = sum(bool(matrix.killers(*pair)) for pair in pairs)
    return (
        f"defects: {len(matrix.defects)}, as {len(pairs)} terminals (defect x style), of which "
        f"caught: {caught}; scenarios: {len(matrix.rows)} with cases: {matrix.cases}; "
        f"kills (terminal x scenario): {len(matrix.kills)}"
    )


def matrix_json(matrix: Matrix, holes: Sequence[str]) -> dict[str, object]:
    """Everything, for programs."""
    return {
        "summary": matrix_summary(matrix),
        "defects": defect_rows(matrix),
        "scenarios": scenario_rows(matrix),
        "kills": [
            {
                "defect": kill.defect,
                "style": kill.style,
                "scenario": kill.scenario,
                "case": kill.case,
                "happened": kill.happened,
            }
            for kill in matrix.kills
        ],
        "problems": list(holes),
    }


def matrix_page(matrix: Matrix) -> str:
    """``docs/kill-matrix.md``."""
    owners = {row.name: row.refs for row in matrix.rows}
    lines = [PAGE + matrix_summary(matrix) + ".\n" + DEFECTS_HEAD.rstrip("\n")]
    for row in defect_rows(matrix):
        rule = str(row["rule"])
        names = row["caught_by"]
        assert isinstance(names, list)
        shown = ", ".join(f"**{name}**" if rule in owners[name] else name for name in names)
        lines.append(_line(row["defect"], rule, row["style"], row["count"], shown))
    lines.append(SCENARIOS_HEAD.rstrip("\n"))
    lines += [_scenario_line(row) for row in scenario_rows(matrix)]
    return "\n".join(lines) + "\n"


def _scenario_line(row: Mapping[str, object]) -> str:
    only = row["only_here"]
    assert isinstance(only, list)
    return _line(row["scenario"], row["folder"], row["count"], ", ".join(only) or row["stands"])


def _line(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
