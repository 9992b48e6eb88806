"""Coverage as rows, lines of gaps, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from switch.report.coverage import FATES, Dimension, Exercised, share


def share_rows(found: Sequence[Dimension]) -> list[dict[str, object]]:
    """One row for each dimension."""
    return [
        {
            "exercised": one.name,
            "count": f"{len(one.covered)} of {len(one.everything)}",
            "percent": f"{one.percent:.0f} %",
        }
        for one in found
    ]


def class_rows(exercised: Exercised) -> list[dict[str, object]]:
    """One row for each message class: how often it met which fate, and which DE 39 left."""
    return [
        {"class": kind}
        | {fate: exercised.classes[kind][fate] or "-" for fate in FATES}
        | {"DE 39": sorted(exercised.codes[kind]), "faults": sorted(exercised.faults[kind])}
        for kind in exercised.dialect.classes
    ]


def gap_lines(found: Sequence[Dimension]) -> list[str]:
    """What was not exercised, a line for each dimension that has gaps."""
    return [f"no {one.name}: {'; '.join(_grouped(one.gaps))}" for one in found if one.gaps]


def _grouped(gaps: Iterable[str]) -> list[str]:
    """``refund lost, late`` instead of ``refund lost`` and ``refund late``."""
    groups: dict[str, list[str]] = {}
    for gap in gaps:
        kind, _, fate = gap.partition(" ")
        groups.setdefault(kind, []).append(fate)
    return [_group(kind, fates) for kind, fates in groups.items()]


def _group(kind: str, fates: Sequence[str]) -> str:
    if fates == list(FATES):
        return f"{kind} at all"
    return f"{kind} {', '.join(fates)}".rstrip()


def coverage_json(exercised: Exercised, found: Sequence[Dimension]) -> Mapping[str, object]:
    """Everything, for programs."""
    return {
        "cases": exercised.cases,
        "percent": round(share(found), 1),
        "dimensions": [
            {
                "name": one.name,
                "covered": len(one.covered),
                "all": len(one.everything),
                "percent": round(one.percent, 1),
                "gaps": one.gaps,
            }
            for one in found
        ],
        "classes": {
            kind: {
                "fates": dict(exercised.classes[kind]),
                "DE 39": dict(exercised.codes[kind]),
                "faults": dict(exercised.faults[kind]),
            }
            for kind in exercised.dialect.classes
        },
        "connection": dict(exercised.faults["connection"]),
        "named": dict(exercised.named),
    }
