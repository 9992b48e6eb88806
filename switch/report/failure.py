"""How a verdict that is no pass reads (scenario-format 9).

::

    FAIL case step NAME                                       file:line
      expected  what the script waited for, and when
      happened  what came instead
      closest   the message that came nearest, with one line per condition
      arrived   what else came, and why it was not taken
      also      what else was found
      means     what a merchant or cardholder has of it
      rerun     the command that shows it again
      judge     the command that judges the log again
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from switch import masking
from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect
from switch.judge.matching import Outcome, Seen
from switch.report.lines import money
from switch.report.meanings import meaning
from switch.scenario.state import Finding, NearMiss
from switch.scenario.verdict import Verdict

WIDTH = 100  # columns; a text that nearly fits on one line may take
LONGEST = 112
FILE_COLUMN = 58
NAME_COLUMNS = 14
ARRIVED_SHOWN = 4
TOKEN = re.compile(r"token:[0-9a-f]*")
SECRETS = frozenset({"pan", "track_2", "de.2", "de.35"})
WORDS = {"echoes_original": "the elements of its original"}  # checks that compare messages
CALLED = {"missed": "step", "check": "step", "early": "step", "nudged": "step",
          "answered": "step", "plan": "planned reply of", "quiet": "", "script": ""}  # fmt: skip


def failure_text(verdict: Verdict, *, rerun: str, judge: str, dialect: Dialect) -> str:
    """The text of one verdict, without a line end after the last.

    Args:
        verdict: of any status; a pass is its first line and its warnings.
        rerun, judge: commands; a line is left out where one is empty.
        dialect: of the case.
    """
    finding = verdict.headline
    lines = [_first_line(verdict)]
    if verdict.reason:
        lines += _line("happened", verdict.reason)
    elif finding:
        lines += _told(finding, verdict, dialect)
    lines += _also(verdict, dialect)
    if verdict.status not in {"pass", "skipped"}:
        means = meaning(finding, verdict, dialect).text
        lines += [*_line("means", means), *_line("rerun", rerun), *_line("judge", judge)]
    return "\n".join(lines)


def rerun_command(verdict: Verdict) -> str:
    """The command that runs this case alone, with its seed."""
    case = verdict.case
    seed = verdict.seed.removesuffix(f"/{case.id}")
    chosen = [f"--case {case.case}"] if case.case else []
    return " ".join(["switch run", case.path, *chosen, *([f"--seed {seed}"] if seed else [])])


def _first_line(verdict: Verdict) -> str:
    finding, case = verdict.headline, verdict.case
    what = f" {_called(finding)}" if finding and not verdict.reason else ""
    mark = (finding.mark if finding else None) or case.mark
    place = f"{mark.file}:{mark.line}" if mark else case.path
    left = f"{verdict.status.upper()} {case.id}{what}"
    return f"{left:<{FILE_COLUMN - 2}}  {place}"


def _called(finding: Finding) -> str:
    """``step reversal``, ``never reverse_first``, ``quiet 7``."""
    return f"{CALLED.get(finding.kind, finding.kind)} {finding.step}".strip()


# ---- the finding that decided -----------------------------------------------------------------


def _told(finding: Finding, verdict: Verdict, dialect: Dialect) -> Iterator[str]:
    """Expected, happened, and the messages that show it."""
    if finding.kind == "check":
        yield from _failed_checks(finding, dialect)
        return
    yield from _line("expected", TOKEN.sub("as before", finding.expected))
    yield from _line("happened", _happened(finding, verdict, dialect))
    if finding.near:
        closest = max(finding.near, key=_met)
        yield from _weighed("closest", closest)
        yield from _arrived(finding, closest, verdict, dialect)
        return
    if finding.about:
        amount = finding.about.value("amount") or ""
        shown = f" {money(int(amount))}" if amount.isdecimal() else ""
        yield from _line(
            "message", f"{_place(finding.about)}   {_who(finding.about, dialect)}{shown}"
        )
    yield from _arrived(finding, None, verdict, dialect)


def _happened(finding: Finding, verdict: Verdict, dialect: Dialect) -> str:
    if finding.kind not in {"never", "quiet"}:
        return finding.happened + _bracketed(finding.note)
    rule = meaning(finding, verdict, dialect).rule
    return f"{finding.happened} at {_instant(finding.at)}{_bracketed(finding.note, rule)}"


def _failed_checks(finding: Finding, dialect: Dialect) -> Iterator[str]:
    """A message that came and was taken, but is not what it must be."""
    (near,) = finding.near
    wrong = [one for one in near.outcomes if not one.holds]
    right = [WORDS.get(one.name, f"{one.name} {_plain(one.expected, one)}") for one in wrong]
    yield from _line("expected", f"{_who(near.message, dialect)} with {' and '.join(right)}")
    yield from _line("happened", f"it came, but {' and '.join(_is_wrong(one) for one in wrong)}")
    yield from _weighed("message", near)


def _is_wrong(outcome: Outcome) -> str:
    if outcome.name in WORDS:
        return f"without {WORDS[outcome.name]}"
    return f"{outcome.name} is {_plain(outcome.got, outcome)}"


def _met(near: NearMiss) -> int:
    return sum(outcome.holds for outcome in near.outcomes)


def _weighed(label: str, near: NearMiss) -> Iterator[str]:
    """A message with one line per condition, the class first, and the hints."""
    message, outcomes = near.message, near.outcomes
    count = f"{_met(near) + 1} of {len(outcomes) + 1} conditions"
    yield from _line(label, f"{_place(message)}   {count}")
    columns = max([NAME_COLUMNS, *(len(one.name) for one in outcomes)])
    yield _condition("ok", "class", message.kind, columns)
    for outcome in outcomes:
        yield from _outcome(outcome, columns)
    for hint in dict.fromkeys(one.hint for one in outcomes if one.hint and not one.holds):
        yield from _wrapped(f"{'':14}hint: ", hint)


def _outcome(outcome: Outcome, columns: int) -> Iterator[str]:
    got, wanted = _plain(outcome.got, outcome), f"expected {_plain(outcome.expected, outcome)}"
    if outcome.holds:
        yield _condition("ok", outcome.name, got, columns)
        return
    both = _condition("--", outcome.name, f"{wanted}   got {got}", columns)
    if len(both) <= WIDTH:
        yield both
        return
    yield from _wrapped(_condition("--", outcome.name, "", columns), wanted)
    yield from _wrapped(_condition("  ", "", "", columns), f"got {got}")


def _plain(text: str, outcome: Outcome) -> str:
    """Without what stands for a secret in the log; a scenario may even spell one out."""
    text = masking.text(text) if outcome.name in SECRETS else text
    return TOKEN.sub("as before", text)


def _condition(sign: str, name: str, text: str, columns: int) -> str:
    return f"{'':14}{sign}  {name:<{columns}}  {text}"


# ---- messages beside it -----------------------------------------------------------------------


def _arrived(
    finding: Finding, closest: NearMiss | None, verdict: Verdict, dialect: Dialect
) -> Iterator[str]:
    """Arrived, not matched, because ...; not again what stands in a line of its own."""
    told = {one.seq for one in verdict.also}
    titles = [dialect.classes[kind].title for kind in finding.kinds if kind in dialect.classes]
    why = [(near.message, _unmet(near)) for near in finding.near if near is not closest]
    why += [(message, f"it is no {' or '.join(titles)}") for message in finding.others]
    rest = sorted((one for one in why if one[0].seq not in told), key=lambda one: one[0].seq)
    for number, (message, because) in enumerate(rest[:ARRIVED_SHOWN]):
        text = f"{_place(message)}   {_who(message, dialect)}: not matched, because {because}"
        yield from _line("" if number else "arrived", text)
    if len(rest) > ARRIVED_SHOWN:
        yield from _line("", f"and {len(rest) - ARRIVED_SHOWN} more")


def _unmet(near: NearMiss) -> str:
    return ", ".join(
        f"{one.name} is {_plain(one.got, one)}, not {_plain(one.expected, one)}"
        for one in near.outcomes
        if not one.holds
    )


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
            yield from _line("" if number else label, text)


def _in_headline(finding: Finding, verdict: Verdict) -> bool:
    """A second failed check of the same message stands in the headline's list already."""
    first = verdict.headline
    return first is not None and first.kind == finding.kind == "check" and first.seq == finding.seq


def _named(finding: Finding) -> str:
    name = finding.expected.partition(":")[0] if finding.kind == "check" else ""
    return f"{_called(finding)} {name}"


def _short(finding: Finding, verdict: Verdict, dialect: Dialect) -> str:
    at = _instant(finding.at)
    severity = "" if finding.severity in {verdict.status, "warning"} else f"{finding.severity}: "
    rule = meaning(finding, verdict, dialect).rule
    if finding.severity == "fail" and finding.kind in {"never", "quiet"} and finding.about:
        said = f"violated at {at}: {_who(finding.about, dialect)}"
        return f"{severity}{_called(finding)} {said}{_bracketed(finding.note, rule)}"
    text = finding.happened.removeprefix("echoes_original: ")
    if finding.kind in {"check", "verify", "plan", "answered"} and text == finding.happened:
        text += f", expected {finding.expected}"
    text = f"{severity}{_called(finding)} at {at}: {text}{_bracketed(finding.note)}"
    return TOKEN.sub("as before", text)


def _again(group: Sequence[Finding]) -> str:
    if len(group) == 1:
        return ""
    return f"; {len(group)} times until {_instant(group[-1].at)}"


