"""A run as JUnit XML, for CI: inconclusive and error are ``<error>`` (scenario-format 8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from xml.etree import ElementTree as ET

from switch import dialect as dialects
from switch.clock import NS_PER_SECOND
from switch.report.failure import failure_text, rerun_command
from switch.report.table import waiver_text
from switch.report.verdicts import counts
from switch.scenario.verdict import Verdict

# What XML 1.0 (section 2.2) does not admit, not even as a reference.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(
    verdicts: Sequence[Verdict],
    *,
    suite: str = "switch",
    properties: Mapping[str, str],
    text: Callable[[Verdict], str] | None = None,
) -> str:
    """The document, well-formed whatever the verdicts say.

    Args:
        verdicts: in the order of the run.
        suite: name of the one test suite.
        properties: facts of the run.
        text: the failure text of a verdict; by default with the shortest command for a rerun.
    """
    found = counts(verdicts)
    numbers = {
        "name": suite,
        "tests": str(len(verdicts)),
        "failures": str(found["fail"]),
        "errors": str(found["error"] + found["inconclusive"]),
        "skipped": str(found["skipped"] + found["waived"]),
        "time": _seconds(sum(verdict.lasted for verdict in verdicts)),
    }
    root = ET.Element("testsuites", _clean_all(numbers))
    inner = ET.SubElement(root, "testsuite", _clean_all(numbers))
    _properties(inner, properties)
    for verdict in verdicts:
        _case(inner, verdict, text or _plain_text)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, verdict: Verdict, text: Callable[[Verdict], str]) -> None:
    case, finding = verdict.case, verdict.headline
    mark = (finding.mark if finding else None) or case.mark
    facts = {
        "classname": "/".join(part for part in (_folder(case.path), case.scenario) if part),
        "name": case.id,
        "time": _seconds(verdict.lasted),
        "file": mark.file if mark else case.path,
        **({"line": str(mark.line)} if mark else {}),
    }
    element = ET.SubElement(suite, "testcase", _clean_all(facts))
    told = {"refs": " ".join(case.refs), "tags": " ".join(case.tags), "seed": verdict.seed}
    _properties(element, {name: value for name, value in told.items() if value})
    if verdict.status == "skipped":
        ET.SubElement(element, "skipped", message=_clean(verdict.reason))
    elif verdict.waived:  # JUnit knows no waiver: what it skips does not fail a build either
        why = waiver_text(verdict.status, verdict.waived)
        ET.SubElement(element, "skipped", message=_clean(why))
        ET.SubElement(element, "system-out").text = _clean(text(verdict))
    elif verdict.status == "fail":
        _outcome(element, "failure", verdict, text(verdict))
    elif verdict.status in {"inconclusive", "error"}:
        _outcome(element, "error", verdict, text(verdict))
    elif verdict.warnings:
        ET.SubElement(element, "system-out").text = _clean(text(verdict))


def _outcome(element: ET.Element, tag: str, verdict: Verdict, text: str) -> None:
    finding = verdict.headline
    message = finding.happened if finding else verdict.reason or verdict.status
    kind = f"{verdict.status}.{finding.kind}" if finding else verdict.status
    ET.SubElement(element, tag, message=_clean(message), type=_clean(kind)).text = _clean(text)


def _properties(element: ET.Element, facts: Mapping[str, str]) -> None:
    if facts:
        inner = ET.SubElement(element, "properties")
        for name, value in facts.items():
            ET.SubElement(inner, "property", name=_clean(name), value=_clean(str(value)))


def _plain_text(verdict: Verdict) -> str:
    dialect = dialects.load(verdict.case.dialect)
    return failure_text(verdict, rerun=rerun_command(verdict), judge="", dialect=dialect)


def _folder(path: str) -> str:
    """``timeouts`` of ``scenarios/timeouts/timeout-reversal.yaml``."""
    return PurePath(path).parent.name


def _seconds(ns: int) -> str:
    return f"{ns / NS_PER_SECOND:.3f}"


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)


def _clean_all(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: _clean(value) for name, value in facts.items()}
