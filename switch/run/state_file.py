"""The permanent memory of a terminal in a file: ``switch terminal --state FILE``."""

from __future__ import annotations

import os
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from switch import elements as de
from switch.errors import BadUsage, KeyProblem
from switch.security.layouts import open_each
from switch.terminal import Record, Settings

LAST_NUMBER = 999_999  # of a STAN and of a batch: six digits
FROM_CARD = {de.PAN, de.EXPIRY}


class StateFile:
    """The permanent memory of a terminal in a file, which is whole at any moment."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, settings: Settings) -> Record | None:
        """The record in the file; None if there is no file yet.

        Raises:
            BadUsage: it cannot be read, holds something else, or keys under another TMK.
        """
        try:
            record = Record.from_json(self.path.read_text(encoding="utf-8"))
            self._look_over(record, settings)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BadUsage(f"{self.path}: cannot read: {error.strerror or error}") from None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, KeyProblem):
            raise BadUsage(
                f"{self.path}: not the memory of a terminal; delete it or name another file"
            ) from None
        return record

    def save(self, record: Record) -> None:
        """Write the record beside the file, then put it in its place.

        Raises:
            BadUsage: it cannot be written.
        """
        target = self.path.resolve()
        try:
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(record.to_json() + "\n")
            Path(name).replace(target)
        except OSError as error:
            raise BadUsage(f"{self.path}: cannot write: {error.strerror or error}") from None

    def _look_over(self, record: Record, settings: Settings) -> None:
        pending = record.pending
        sound = (
            all(_typed(one) for one in (record, *record.kept()))
            and 0 <= record.stan <= LAST_NUMBER
            and 0 < record.batch <= LAST_NUMBER
            and (pending is None or pending.reason in settings.dialect.reversal_reasons)
        )
        if not sound:
            raise ValueError("a value that no terminal writes")
        keys = bytes.fromhex(record.keys)
        opened = open_each(keys, settings.tmk, record.layout) if keys else ()
        if settings.habits.checks_kcv and not all(key.matches for key in opened):
            raise BadUsage(
                f"{self.path}: its working keys do not open under this TMK; "
                "it is the memory of another terminal"
            )


def _typed(one: Any) -> bool:
    """Every value of a record is of the type that is declared for it."""
    hints = get_type_hints(type(one))
    for field in fields(one):
        value, wanted = getattr(one, field.name), hints[field.name]
        if wanted in {str, int, bool} and type(value) is not wanted:
            return False
        if wanted == dict[int, str] and not all(type(text) is str for text in value.values()):
            return False
        if wanted == list[int] and not (isinstance(value, list) and set(value) <= FROM_CARD):
            return False
    return True
