"""docs/world.md: every block of it can be read, and every key of the world is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from switch.acquirer.book import load as load_book
from switch.acquirer.book import read
from switch.dialect import load
from switch.reading import read_text
from switch.scenario import words
from switch.scenario.cases import Known
from switch.scenario.loader import load_text
from switch.scenario.profile import defaults
from switch.scenario.rules import read_rules
from tests.acquirer.test_book import GOOD

PAGE = (Path(__file__).parents[2] / "docs" / "world.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
STEPS = [block for block in BLOCKS if block.startswith("- ")]
BOOKS = [block for block in BLOCKS if not block.startswith(("- ", "rules:"))]
PROFILE = defaults(id="12345678", merchant_id="898310012345678")


@pytest.mark.parametrize("block", STEPS)
def test_steps_load(block: str) -> None:
    steps = "\n".join(f"  {line}" for line in block.splitlines())
    text = f"format: 1\nname: shown\ntitle: shown\nsteps:\n{steps}\n"
    (case,) = load_text(text, "shown", fragments={}, dialect=load("cup-pos"), profile=PROFILE)
    assert len(case.script) == block.count("\n- ") + 1


@pytest.mark.parametrize("block", BOOKS)
def test_parts_of_a_book_are_read(block: str) -> None:
    told = re.match(r"\w+", block)
    assert told is not None
    rest = re.sub(rf"^{told[0]}:(.*\n)(( .*\n)*)", "", GOOD, flags=re.MULTILINE)
    text = rest + block
    assert read(read_text(text, "book.yaml"), text).source == text


def test_rules_are_read() -> None:
    (block,) = [block for block in BLOCKS if block.startswith("rules:")]
    book = load_book()
    known = Known(tuple(book.cards), tuple(book.merchants), tuple(book.terminals))
    read = read_rules(read_text(block, "rules"), load("cup-pos"), known)
    assert [bool(rule.changes) for rule in read] == [True] * 3


def test_every_key_is_explained() -> None:
    named = set(re.findall(r"`(?:host: \{)?([a-z_]+)", PAGE)) | set(
        re.findall(r"([a-z_]+):", "".join(BLOCKS))
    )
    wanted = {name for keys in words.WORLD.values() for name in keys}
    assert wanted - named == set()
