"""``verdicts.json`` and the exit code of a run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from switch.report.meanings import not_judged
from switch.scenario.state import SEVERITIES
from switch.scenario.verdict import Verdict

VERDICTS_FORMAT = 1
NOTHING_RAN = 5
# scenario-format 8, the worst first
EXIT_CODES = {"error": 4, "fail": 1, "inconclusive": 3, "pass": 0, "waived": 0}


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """0 only if something passed or was waived and nothing did worse; nothing or skips are 5."""
    found = {verdict.counts_as for verdict in verdicts}
    return next((code for status, code in EXIT_CODES.items() if status in found), NOTHING_RAN)


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Status -> number of cases, the best first; those without a case as well."""
    found = Counter(verdict.counts_as for verdict in verdicts)
    statuses = ("pass", *reversed(SEVERITIES[2:]), "waived", "skipped")
    return {status: found[status] for status in statuses}


def verdicts_json(verdicts: Sequence[Verdict], run: Mapping[str, Any]) -> str:
    """The text of ``verdicts.json``, with a line end after the last line.

    Args:
        verdicts: in the order of the run.
        run: facts of the run: seed, dialect, terminal, style, clock, over, started; an
            ``exit_code`` among them (an interrupted run has 130) is kept.
    """
    report = {
        "format": VERDICTS_FORMAT,
        "exit_code": exit_code(verdicts),
        **run,
        "counts": counts(verdicts),
        "simulated_seconds": sum(verdict.lasted for verdict in verdicts) / 1e9,
        "not_judged": not_judged(ref for verdict in verdicts for ref in verdict.case.refs),
        "cases": [verdict.summary() for verdict in verdicts],
    }
    return json.dumps(report, indent=2, ensure_ascii=True, default=str) + "\n"
