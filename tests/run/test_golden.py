"""The event format is a contract: one case's log, byte for byte.

After a change that is meant, write it anew: ``GOLDEN=write pytest tests/run/test_golden.py``,
and say in the changelog what readers of logs will notice.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from switch.records import KINDS
from switch.run.plan import RunOptions, prepare
from switch.run.suite import Suite

GOLDEN = Path(__file__).with_name("golden-events.ndjson")
TEXTS = ("dialect", "profile", "scenario", "fragments", "book", "version", "path")


def log() -> str:
    options = RunOptions(names=("timeout-reversal",), case="loss=half_frame")
    ((verdict, events),) = Suite(prepare(options)).run()
    assert verdict.status == "pass"
    lines = [json.loads(event.line()) for event in events]
    for name in TEXTS:  # they have files and tests of their own
        assert lines[0].pop(name)
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)


def test_the_log_is_byte_for_byte_the_golden_one() -> None:
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(log(), encoding="utf-8")
    assert log() == GOLDEN.read_text(encoding="utf-8")


def test_every_event_has_the_keys_its_kind_declares() -> None:
    heads = {"seq", "at", "kind", "conn", "terminal"}
    for line in log().splitlines():
        event = json.loads(line)
        assert heads - {"conn", "terminal"} <= event.keys()
        extra = event.keys() - heads - set(KINDS[event["kind"]][1])
        assert not extra, f"{event['kind']}: {extra} is not declared"
