"""From the options of ``switch run`` to cases that are ready to run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from switch.acquirer import Book
from switch.acquirer.book import load as load_book
from switch.dialect import Dialect, names
from switch.dialect import load as load_dialect
from switch.errors import BadUsage
from switch.masking import Tokens
from switch.reading import did_you_mean
from switch.run import fleet
from switch.scenario import loader
from switch.scenario import profile as profiles
from switch.scenario.model import Case, Profile, World, every
from switch.scenario.secrets import TOKEN, secret_literals
from switch.terminal.defects import DEFECTS

PIN_LITERAL = re.compile(r"(\bpin:\s*[\"']?)([0-9]{4,12})")


OUTSIDE = frozenset({"prompt", "command"})  # drivers of terminals that are not ours


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What ``switch run`` was asked for; empty texts mean "not given"."""

    names: tuple[str, ...] = ()
    dialect: str = "cup-pos"
    terminal: str = "model"
    over: str = ""
    listen: str = ""
    clock: str = ""
    style: str = "eager"
    book: Path | None = None
    profile: Path | None = None
    case: str = ""
    tag: str = ""
    seed: str = "8583"
    out: Path | None = None
    junit: Path | None = None
    max_time: int = 0
    terminals: int = 0
    meta: tuple[tuple[str, str], ...] = ()
    waive: Path | None = None
    failed: Path | None = None
    resume: Path | None = None

    @property
    def defect(self) -> str:
        """The defect of ``model:DEFECT``."""
        return self.terminal.partition(":")[2] if self.driver == "model" else ""

    @property
    def command(self) -> str:
        """The command of ``command:CMD``."""
        return self.terminal.partition(":")[2] if self.driver == "command" else ""

    @property
    def driver(self) -> str:
        """``model``, ``prompt`` or ``command``."""
        return self.terminal.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a run needs: options made consistent, and the cases.

    Of a fleet each case is there once for each terminal, one after the other.
    """

    options: RunOptions
    book: Book
    dialect: Dialect
    profile: Profile
    cases: tuple[Case, ...]

    def together(self) -> Iterator[tuple[Case, ...]]:
        """The cases that are played at the same time: one by one, but for a fleet."""
        many = self.options.terminals or 1
        for start in range(0, len(self.cases), many):
            yield self.cases[start : start + many]


def consistent(options: RunOptions) -> RunOptions:
    """The options with what they imply filled in.

    Raises:
        BadUsage: combinations that make no sense.
    """
    if options.driver not in {"model", *OUTSIDE}:
        known = "model, model:DEFECT, prompt or command:CMD"
        raise BadUsage(f"--terminal {options.terminal!r}: {known}")
    if options.driver == "command" and not options.command.strip():
        raise BadUsage("--terminal command:CMD: the command is missing")
    if options.driver in OUTSIDE:
        if options.over == "memory":
            raise BadUsage(
                f"--terminal {options.driver} is an outside terminal: it needs --over tcp"
            )
        if options.clock == "virtual":
            raise BadUsage("a virtual clock cannot drive an outside terminal: use --clock real")
        options = replace(
            options,
            over="tcp",
            clock=options.clock or "real",
            listen=options.listen or "127.0.0.1:8583",
        )
    if options.driver == "model" and ":" in options.terminal and options.defect not in DEFECTS:
        hint = did_you_mean(options.defect, tuple(DEFECTS))
        raise BadUsage(f"no defect {options.defect!r}{hint or '; see switch list defects'}")
    if options.terminals:
        _check_fleet(options)
    options = replace(options, over=options.over or "memory", clock=options.clock or "virtual")
    if options.listen and options.over == "memory":
        raise BadUsage("--listen needs --over tcp")
    if not re.fullmatch(r"virtual|real|scaled:[1-9][0-9]*", options.clock):
        raise BadUsage(f"--clock {options.clock!r}: virtual, real or scaled:N")
    return options


def _check_fleet(options: RunOptions) -> None:
    if not 1 <= options.terminals <= fleet.LARGEST:
        raise BadUsage(f"--terminals {options.terminals}: 1 to {fleet.LARGEST}")
    if options.driver != "model":
        raise BadUsage("--terminals: only the model terminal can be there many times")
    for name in ("listen", "failed", "resume"):
        if getattr(options, name):
            why = "each terminal has a line of its own" if name == "listen" else "a fleet is one"
            raise BadUsage(f"--terminals and --{name} do not go together: {why}")


def prepare(options: RunOptions) -> Prepared:
    """Load book, dialect, profile and cases.

    Raises:
        BadUsage, BadFile: nothing is run.
    """
    options = consistent(options)
    if options.dialect == "all" and len(names()) == 1:
        options = replace(options, dialect=names()[0])
    book, dialect = load_book(options.book), load_dialect(options.dialect)
    profile = _profile(options, book)
    book, crew = fleet.mustered(book, profile, options.terminals, options.seed)
    paths = loader.find(list(options.names))
    clock = options.clock.partition(":")[0]
    played = [
        _chosen(loader.load(paths, dialect=dialect, profile=one, clock=clock), options)
        for one in crew
    ]
    together = (case for cases in zip(*played, strict=True) for case in cases)
    playable = (replace(_in_book(case, book), among=options.terminals) for case in together)
    return Prepared(options, book, dialect, profile, tuple(playable))


def _in_book(case: Case, book: Book) -> Case:
    """The case, to be skipped by name if it needs what the book lacks."""
    needed: dict[str, set[str]] = {"card": set(), "merchant": set(), "terminal": set()}
    known = {"card": book.cards, "merchant": book.merchants, "terminal": book.terminals}
    for step in every(case.script):
        stimuli = (getattr(step, "stimulus", None), getattr(step, "provoke", None))
        needed["card"] |= {stimulus.card for stimulus in stimuli if stimulus and stimulus.card}
        if isinstance(step, World) and step.id:
            needed[step.what].add(step.id)
    lacking = [
        f"{what} {name!r}"
        for what, names in needed.items()
        for name in sorted(names - known[what].keys())
    ]
    if case.skip or not lacking:
        return case
    return replace(case, skip=f"needs {', '.join(lacking)}, which the book does not have")


def _profile(options: RunOptions, book: Book) -> Profile:
    style = options.style if options.driver == "model" else "either"
    base = profiles.defaults(driver=options.driver, style=style)
    if options.profile:
        plain = profiles.defaults(driver=options.driver, style="either")
        base = profiles.load(options.profile, plain)
    tid = base.id or next(iter(book.terminals))
    entry = book.terminals.get(tid)
    if entry is None:
        raise BadUsage(f"the profile's terminal {tid} is not in the book")
    return replace(base, id=tid, merchant_id=base.merchant_id or entry.merchant)


def _chosen(cases: Sequence[Case], options: RunOptions) -> tuple[Case, ...]:
    tags = sorted({tag for case in cases for tag in case.tags})
    if options.tag and options.tag not in tags:
        raise BadUsage(f"--tag {options.tag}: no such tag here{did_you_mean(options.tag, tags)}")
    out = [case for case in cases if not options.tag or options.tag in case.tags]
    if options.case:
        out = [
            c
            for c in out
            if options.case in {c.case, c.id}
            or fnmatchcase(c.case, options.case)
            or fnmatchcase(c.id, options.case)
        ]
    return tuple(out)


# ---- the first record of a log ----------------------------------------------------------------


def first_record(prepared: Prepared, case: Case, tokens: Tokens) -> dict[str, Any]:
    """The texts that make a log judgeable alone; secret literals are tokens already."""
    book = prepared.book
    cards = book.cards.values()
    secrets = secret_literals(case) | {one for c in cards for one in (c.pan, c.code) if one}
    further = {"meta": dict(prepared.options.meta), "fleet": case.among}
    return {name: fact for name, fact in further.items() if fact} | {
        "book": hashlib.sha256(book.source.encode()).hexdigest(),
        "style": prepared.options.style,
        "driver": prepared.options.terminal,
        "path": case.path,
        "profile": profile_text(case.profile),
        "given": sorted(case.profile.given),
        "scenario": without_secrets(case.source, secrets, tokens),
        "fragments": {
            name: without_secrets(text, secrets, tokens) for name, text in case.fragments.items()
        },
    }


def without_secrets(text: str, secrets: set[str], tokens: Tokens) -> str:
    """A scenario text with its secret literals as tokens and PINs as zeros."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, TOKEN + tokens.token(secret))
    return PIN_LITERAL.sub(lambda found: found[1] + "0" * len(found[2]), text)


def profile_text(profile: Profile) -> str:
    """The profile as the YAML that reads back to it."""
    lines = [f'{name}: "{value}"' for name, value in profiles.texts(profile).items()]
    lines.append(f"can: [{', '.join(profile.can)}]")
    return "\n".join(lines) + "\n"
