"""Finding and reading dialect files."""

from __future__ import annotations

from collections.abc import Mapping as Options
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from switch.composites import read_record
from switch.dialect.classes import MessageClass, Presence, RefusalAnswer, ResponseCode
from switch.dialect.model import Dialect
from switch.dialect.schema import DIALECT, make_fields, make_layouts
from switch.errors import BadFile, BadUsage
from switch.message import Codec
from switch.reading import Mapping, Node, Problem, did_you_mean, read_file
from switch.shipped import shipped

ELEMENT_LISTS = ("mandatory", "conditional", "never", "copies", "refuse_without")


def names() -> list[str]:
    """The shipped dialects."""
    return sorted(
        path.stem for path in shipped("specs").glob("*.yaml") if path.stem != "requirements"
    )


@lru_cache(maxsize=16)
def load(name: str) -> Dialect:
    """A dialect by name, or from a file (a name that ends in ``.yaml``).

    Raises:
        BadUsage: no such dialect.
        BadFile: the file is wrong; all problems with line and column.
    """
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
        return read(read_file(path), path.read_text(encoding="utf-8"))
    if name not in names():
        raise BadUsage(
            f"no dialect {name!r}; known: {', '.join(names())}" + did_you_mean(name, names())
        )
    path = shipped("specs") / f"{name}.yaml"
    return read(read_file(path, f"specs/{path.name}"), path.read_text(encoding="utf-8"))


def read(node: Node, source: str) -> Dialect:
    """The dialect in a tree; ``source`` is the text it came from, kept for event logs."""
    values, problems = read_record(DIALECT, node)
    if problems:
        raise BadFile(problems)
    assert isinstance(node, Mapping), "a record was read from it"
    problems = _dangling(values, node)
    if problems:
        raise BadFile(problems)
    return _make(values, source)


def with_options(dialect: Dialect, options: Options[str, str | bool]) -> Dialect:
    """The same dialect with some of its options set, as a book may do."""
    return replace(dialect, options={**dialect.options, **options}) if options else dialect


def check_security(dialect: Dialect) -> None:
    """Whether the MAC algorithm and key layouts of a dialect exist here.

    Not part of reading one: decoding a message needs no cryptography.

    Raises:
        BadUsage: a name that no registry has.
    """
    from switch.security.layouts import LAYOUTS
    from switch.security.mac import ALGORITHMS

    asked = [(name, tuple(LAYOUTS), "key layout") for name in dialect.key_layouts.values()]
    if dialect.mac_algorithm:
        asked.append((dialect.mac_algorithm, tuple(ALGORITHMS), "MAC algorithm"))
    for name, known, what in asked:
        if name not in known:
            hint = did_you_mean(name, known)
            raise BadUsage(f"dialect {dialect.name}: no {what} {name!r}{hint}")


def _dangling(values: dict[str, Any], root: Mapping) -> list[Problem]:
    """Names that the file uses and does not define."""
    out: list[Problem] = []

    def wrong(key: str, text: str) -> None:
        out.append(Problem(root.key(key).mark, text))

    elements = {int(number) for number in values["fields"]}
    for name, entry in values["classes"].items():
        lists = [entry.get(key, ()) for key in ELEMENT_LISTS]
        lists += [entry["response"]["echo"], entry["response"]["host"]]
        for number in sorted({number for some in lists for number in some} - elements):
            wrong("classes", f"class {name}: DE {number} is not among the fields")
    codes, outcomes = values.get("response_codes", {}), values["outcomes"]
    for name, code in outcomes.items():
        if codes and code not in codes:
            wrong("outcomes", f"outcome {name}: {code} is not among the response_codes")
    for key in ("refusals", "magic_amounts"):
        for name, entry in values.get(key, {}).items():
            outcome = entry["outcome"] if isinstance(entry, dict) else entry
            if outcome not in {*outcomes, *codes, "none"}:
                wrong(key, f"{name}: {outcome!r} is not among the outcomes")
    for name, place in values.get("values", {}).items():
        for kind in place if isinstance(place, dict) else ():
            if kind not in values["classes"]:
                wrong("values", f"{name}: {kind!r} is not among the classes")
    return out


def _make(values: dict[str, Any], source: str) -> Dialect:
    options = values.get("options", {})
    lenient = options.get("lenient_padding", True)
    fields = make_fields(values["fields"], lenient=lenient)
    coding = values["coding"]
    mac = values.get("mac", {})
    tpdu, header = values.get("tpdu", {}), values.get("header", {})
    return Dialect(
        name=values["name"],
        title=values["title"],
        title_zh=values.get("title_zh", values["title"]),
        source=source,
        framing=values["framing"],
        tpdu_begins=tpdu.get("begins", ""),
        tpdu_default=tpdu.get("default", ""),
        header_begins=header.get("begins", ""),
        header_default=header.get("default", ""),
        requirement_digit=header.get("requirement_digit", 0),
        processing_requirements=values.get("processing_requirements", {}),
        coding=coding,
        codec=Codec(fields, coding),
        options=options,
        mac_algorithm=mac.get("algorithm", ""),
        mac_element=mac.get("element", 64),
        mac_bytes=mac.get("bytes", 8),
        mac_key_bytes=mac.get("key_bytes", 8),
        key_layouts=values.get("key_layouts", {}),
        timers=values.get("timers", {}),
        reversal_attempts=values.get("reversal_attempts", 3),
        pin_tries=values.get("pin_tries", 3),
        currency=values.get("currency", ""),
        layouts=make_layouts(values.get("subfields", {})),
        classes={name: _make_class(name, entry) for name, entry in values["classes"].items()},
        readable_parts={int(n): part for n, part in values.get("readable_parts", {}).items()},
        conditions=tuple(Presence(**entry) for entry in values.get("conditions", ())),
        entry_modes=values.get("entry_modes", {}),
        tag_rules=values.get("tags", ()),
        value_places=values.get("values", {}),
        reversal_reasons=values.get("reversal_reasons", {}),
        reversal_done=frozenset(values.get("reversal_done", ())),
        refusals={
            name: RefusalAnswer(**entry) for name, entry in values.get("refusals", {}).items()
        },
        response_codes={
            code: ResponseCode(code, entry["en"], entry["zh"], entry["class"])
            for code, entry in values.get("response_codes", {}).items()
        },
        outcomes=values["outcomes"],
        success_codes=frozenset(values.get("success_codes", ("00",))),
        magic_amounts=values.get("magic_amounts", {}),
    )


def _make_class(name: str, entry: dict[str, Any]) -> MessageClass:
    request, response = entry["request"], entry["response"]
    plain = {
        key: entry[key]
        for key in (
            "title",
            "title_zh",
            "group",
            "mac",
            "card",
            "reversible",
            "stored",
            "from_host",
            "books",
            "mandatory",
            "conditional",
            "never",
            "refuse_without",
            "copies",
        )
        if key in entry
    }
    return MessageClass(
        name=name,
        mti=request["mti"],
        match=request.get("match", {}),
        build=request.get("build", {}),
        response_mti=response["mti"],
        echo=response["echo"],
        host=response["host"],
        **plain,
    )
