"""How a verdict that is no pass reads (scenario-format 9).

::

    FAIL case step NAME                                       file:line
      expected  what the script waited for, and when
      happened  what came instead
      closest   the message that came nearest, with one line per condition
      last      what came last, where nothing else came at all
      arrived   what else came, and why it was not taken
      ended     why the run broke off, if it did
      also      what else was found
      rule      the rule that was broken, where nothing above names one
      means     what a merchant or cardholder has of it
      rerun     the command that shows it again
      judge     the command that judges the log again
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect
from switch.judge.matching import Outcome
from switch.report.circumstance import unanswered
from switch.report.lines import money
from switch.report.meanings import Meaning, clause, meaning
from switch.report.wording import (
    bracketed,
    command,
    line,
    met,
    place,
    plain,
    showable,
    unmet,
    weighed,
    who,
)
from switch.requirements import rules
from switch.scenario.expecting import seconds
from switch.scenario.state import Finding, NearMiss
from switch.scenario.verdict import Verdict

FILE_COLUMN = 58
RULE_ID = re.compile(r"\b[A-Z][0-9]{1,2}\b")
ARRIVED_SHOWN = 4
# Kind of finding -> how it is called; empty: by its step alone. Others are called as they are.
CALLED = {
    "missed": "step",
    "check": "step",
    "early": "step",
    "nudged": "step",
    "answered": "step",
    "plan": "planned reply of",
    "quiet": "",
    "script": "",
}
# Checks that compare whole messages -> what a right one does, and a wrong one.
WHOLE = {
    "echoes_original": ("that repeats its original", "does not repeat its original"),
    "names_original": ("that names its original", "does not name its original"),
}


def failure_text(verdict: Verdict, *, rerun: str, judge: str, dialect: Dialect) -> str:
    """The text of one verdict, without a line end after the last.

    Args:
        verdict: of any status; a pass is its first line and its warnings.
        rerun, judge: commands; the line of an empty one is left out.
        dialect: of the case.
    """
    finding = verdict.headline
    lines = [_first_line(verdict)]
    if finding:
        lines += _told(finding, verdict, dialect)
    headline = "\n".join(lines[1:])
    lines += line("ended" if finding else "happened", verdict.reason)
    lines += _also(verdict, dialect)
    if verdict.status not in {"pass", "skipped"}:
        told = meaning(finding, verdict, dialect)
        lines += _broken_rule(told, headline)
        lines += line("means", told.text)
        lines += command("rerun", rerun) + command("judge", judge)
    return showable("\n".join(lines))


def rerun_command(verdict: Verdict) -> str:
    """The command that runs this case alone, with its seed."""
    case = verdict.case
    words = ["switch", "run", case.path, *(["--case", case.case] if case.case else [])]
    words += ["--terminals", str(case.among)] if case.among else []
    seed = verdict.seed.removesuffix(f"/{case.id}")
    return shlex.join([*words, *(["--seed", seed] if seed else [])])


def _first_line(verdict: Verdict) -> str:
    finding, case = verdict.headline, verdict.case
    what = f" {_called(finding)}" if finding else ""
    mark = (finding.mark if finding else None) or case.mark
    where = f"{mark.file}:{mark.line}" if mark else case.path
    left = f"{verdict.status.upper()} {case.id}{what}"
    return f"{left:<{FILE_COLUMN - 2}}  {where}"


def _called(finding: Finding) -> str:
    """``step reversal``, ``never reverse_first``, ``quiet 7``."""
    return f"{CALLED.get(finding.kind, finding.kind)} {finding.step}".strip()


def _broken_rule(told: Meaning, headline: str) -> list[str]:
    """The rule in its own words, where the headline names none."""
    known = rules()
    if not told.rule or known.keys() & set(RULE_ID.findall(f"{headline} {told.text}")):
        return []
    return line("rule", f"{told.rule}: {clause(known[told.rule])}")


# ---- the finding that decided -----------------------------------------------------------------


def _told(finding: Finding, verdict: Verdict, dialect: Dialect) -> Iterator[str]:
    """Expected, happened, and the messages that show it."""
    if finding.kind == "check" and finding.near:
        yield from _failed_checks(finding.near[0], dialect)
        return
    yield from line("expected", plain(finding.expected))
    yield from line("happened", _happened(finding, verdict, dialect))
    yield from _silence(finding, verdict, dialect)
    closest = max(finding.near, key=met, default=None)
    if closest:
        yield from weighed("closest", closest)
    elif finding.about:
        amount = finding.about.value("amount") or ""
        shown = f" {money(int(amount))}" if amount.isdecimal() else ""
        yield from line("message", f"{place(finding.about)}   {who(finding.about, dialect)}{shown}")
    yield from _arrived(finding, closest, verdict, dialect)


def _silence(finding: Finding, verdict: Verdict, dialect: Dialect) -> list[str]:
    """Since when nothing came at all: a terminal may wait for its answer still."""
    last = max(verdict.steps.values(), key=lambda message: message.seq, default=None)
    alone = finding.kind == "missed" and not finding.near and not finding.others
    if not alone or finding.severity != "fail" or last is None:
        return []
    text = f"{who(last, dialect)} at {seconds(last.at)}, #{last.seq}; nothing at all came after it"
    timer = verdict.case.profile.timeout / NS_PER_SECOND
    why = "does the terminal refuse by itself?"
    if unanswered(last, verdict):
        why = f"does it wait longer than its timer, {timer:.1f}s in the profile?"
    return line("last", f"{text}: {why}")


def _happened(finding: Finding, verdict: Verdict, dialect: Dialect) -> str:
    if finding.severity != "fail" or finding.kind not in {"never", "quiet"}:
        return plain(finding.happened) + bracketed(finding.note)
    rule = _rule(finding, verdict, dialect)
    return f"{finding.happened} at {seconds(finding.at)}{bracketed(finding.note, rule)}"


def _rule(finding: Finding, verdict: Verdict, dialect: Dialect) -> str:
    rule = meaning(finding, verdict, dialect).rule
    return f"rule {rule}" if rule else ""


def _failed_checks(near: NearMiss, dialect: Dialect) -> Iterator[str]:
    """A message that came and was taken, but is not what it must be."""
    wrong = [one for one in near.outcomes if not one.holds]
    right = " and ".join(_right(one) for one in wrong)
    yield from line("expected", f"{who(near.message, dialect)} {right}")
    yield from line("happened", f"it came, but {' and '.join(_wrong(one) for one in wrong)}")
    yield from weighed("message", near)


def _right(outcome: Outcome) -> str:
    if outcome.name in WHOLE:
        return WHOLE[outcome.name][0]
    return f"with {outcome.name} {plain(outcome.expected, outcome.name)}"


def _wrong(outcome: Outcome) -> str:
    if outcome.name in WHOLE:
        return WHOLE[outcome.name][1]
    return f"{outcome.name} is {plain(outcome.got, outcome.name)}"


def _arrived(
    finding: Finding, closest: NearMiss | None, verdict: Verdict, dialect: Dialect
) -> Iterator[str]:
    """Arrived, not matched, because ...; not again what stands in a line of its own."""
    told = {one.seq for one in verdict.also}
    titles = [dialect.classes[kind].title for kind in finding.kinds if kind in dialect.classes]
    why = [(near.message, unmet(near)) for near in finding.near if near is not closest]
    why += [(message, f"it is no {' or '.join(titles)}") for message in finding.others]
    rest = sorted((one for one in why if one[0].seq not in told), key=lambda one: one[0].seq)
    for number, (message, because) in enumerate(rest[:ARRIVED_SHOWN]):
        text = f"{place(message)}   {who(message, dialect)}: not matched, because {because}"
        yield from line("" if number else "arrived", text)
    if len(rest) > ARRIVED_SHOWN:
        yield from line("", f"and {len(rest) - ARRIVED_SHOWN} more")


# ---- what else was found ----------------------------------------------------------------------


def _also(verdict: Verdict, dialect: Dialect) -> Iterator[str]:
    """One line per kind of further finding, however often it was found."""
    for label, findings in (("also", verdict.also), ("warning", verdict.warnings)):
        groups: dict[str, list[Finding]] = {}
        for finding in findings:
            if not _in_headline(finding, verdict):
                groups.setdefault(f"{finding.severity} {_named(finding)}", []).append(finding)
        for number, group in enumerate(groups.values()):
            text = _short(group[0], verdict, dialect) + _again(group)
            yield from line("" if number else label, text)


def _in_headline(finding: Finding, verdict: Verdict) -> bool:
    """A second failed check of the same message stands in the headline's list already."""
    first = verdict.headline
    return first is not None and first.kind == finding.kind == "check" and first.seq == finding.seq


def _named(finding: Finding) -> str:
    name = finding.expected.partition(":")[0] if finding.kind == "check" else ""
    return f"{_called(finding)} {name}"


def _short(finding: Finding, verdict: Verdict, dialect: Dialect) -> str:
    """A further finding in one sentence."""
    severity = "" if finding.severity in {verdict.status, "warning"} else f"{finding.severity}: "
    called, at = f"{severity}{_called(finding)}", seconds(finding.at)
    if finding.kind == "plan":
        planned = finding.expected.removeprefix("reply: ")
        what, _, why = finding.happened.partition(": ")
        return f"{called}, {planned}: {why if what == 'reply' or what in planned else what}"
    if finding.severity == "fail" and finding.kind in {"never", "quiet"} and finding.about:
        said = f"violated at {at}: {who(finding.about, dialect)}"
        return f"{called} {said}{bracketed(finding.note, _rule(finding, verdict, dialect))}"
    name, _, text = finding.happened.partition(": ")
    if finding.kind != "check" or name not in WHOLE:
        text = finding.happened
        if finding.kind in {"check", "verify", "answered"}:
            text += f", expected {finding.expected.removeprefix(f'{name}: ')}"
    return plain(f"{called} at {at}: {text}{bracketed(finding.note)}")


def _again(group: Sequence[Finding]) -> str:
    if len(group) == 1:
        return ""
    return f"; {len(group)} times until {seconds(group[-1].at)}"
