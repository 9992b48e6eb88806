"""The folder of a run: ``events.ndjson``, ``verdicts.json``, ``junit.xml``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from switch.errors import BadUsage
from switch.records import Event
from switch.report.junit import junit_xml
from switch.report.verdicts import verdicts_json
from switch.scenario.verdict import Verdict


def _writable(path: Path) -> bool:
    """A file can be made there, as far as can be told without making it."""
    folder = next(parent for parent in path.resolve().parents if parent.exists())
    return os.access(path if path.exists() else folder, os.W_OK)


class RunFolder:
    """Writes a run as it goes; what was written stays if the run is cut off.

    Args:
        out: the folder; by default ``runs/<time>`` below the current one, with
            ``runs/latest`` beside it.
    """

    def __init__(self, out: Path | None, junit: Path | None = None) -> None:
        if junit is not None and (junit.is_dir() or not _writable(junit)):
            raise BadUsage(f"--junit {junit}: not a file that can be written")
        self.path = out or Path("runs") / f"{datetime.now():%Y%m%d-%H%M%S-%f}"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._events = (self.path / "events.ndjson").open("w", encoding="utf-8")
        except OSError as error:
            raise BadUsage(f"cannot write to {self.path}: {error.strerror}") from None
        if out is None:
            self._point_latest()

    @property
    def shown(self) -> Path:
        """How messages name the folder: ``runs/latest`` where that points here."""
        latest = self.path.parent / "latest"
        return (
            latest if latest.is_symlink() and latest.resolve() == self.path.resolve() else self.path
        )

    def _point_latest(self) -> None:
        latest = self.path.parent / "latest"
        with contextlib.suppress(OSError):  # no symbolic links here: the run is written anyway
            if latest.is_symlink():
                latest.unlink()
            latest.symlink_to(self.path.name)

    def add(self, events: Sequence[Event]) -> None:
        """The log of one more case."""
        self._events.writelines(event.line() + "\n" for event in events)
        self._events.flush()

    def finish(
        self, verdicts: Sequence[Verdict], facts: Mapping[str, Any], junit: Path | None
    ) -> None:
        """Verdicts and JUnit; ``junit`` is a second place for the latter."""
        self._events.close()
        (self.path / "verdicts.json").write_text(verdicts_json(verdicts, facts), encoding="utf-8")
        plain = {k: str(v) for k, v in facts.items() if k not in {"meta", "fleets"}}
        plain |= facts.get("meta", {})
        xml = junit_xml(verdicts, properties=plain)
        for path in [self.path / "junit.xml", *([junit] if junit else [])]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(xml, encoding="utf-8")
