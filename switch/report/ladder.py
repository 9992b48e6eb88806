"""One case as a sequence diagram: the terminal on the left, the host on the right.

::

         time  terminal                                      host
      +0.025s     |---- sale 000002 100.00 ------------------->|
      +0.025s     |                    x---- 00 approved ------|  never left
                  :                                            :  60.0s
     +60.025s     |---- reversal 000002 100.00 98 ------------>|
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from switch.clock import NS_PER_SECOND
from switch.dialect import Dialect
from switch.records import Event
from switch.report.rungs import LINE, LOST, REQUEST, RESPONSE, TERMINAL, Rung, gathered, rungs
from switch.report.wording import showable

TIME, MARGIN = 10, 4  # columns before the terminal's line
NARROWEST = 34  # columns between the two lines
GAP = NS_PER_SECOND  # a pause that the ladder shows


def ladder(events: Sequence[Event], dialect: Dialect, *, width: int = 100) -> str:
    """The ladder as plain text, without a line end after the last.

    Args:
        events: the log of one case.
        dialect: what the messages mean.
        width: columns, at least 72.
    """
    inner = max(NARROWEST, (width - TIME - MARGIN) // 2)
    beside = max(20, width - TIME - MARGIN - inner - 4)
    left = " " * (TIME + MARGIN - 4)
    lines = [f"{'time':>{TIME}}  terminal{'':{inner - 7}}host"]
    last: int | None = None
    for rung in gathered(rungs(events, dialect)):
        if last is not None and rung.at - last > GAP:
            lines.append(f"{left}    :{'':{inner}}:  {(rung.at - last) / NS_PER_SECOND:.1f}s")
        last = rung.at
        lines += _drawn(rung, inner, beside)
    return "\n".join(line.rstrip() for line in lines)


def _drawn(rung: Rung, inner: int, beside: int) -> Iterator[str]:
    """A rung and the lines that its texts take."""
    time = f"{rung.at / NS_PER_SECOND:+.3f}s"
    notes = [line for note in rung.notes for line in textwrap.wrap(showable(note), beside)]
    if rung.kind == TERMINAL:
        texts = textwrap.wrap(showable(rung.text), inner - 3, subsequent_indent="  ") or [""]
        middle = [f"  {text:<{inner - 2}}" for text in texts]
    else:
        middle = [_arrow(rung, inner)]
    for number in range(max(len(middle), len(notes))):
        lane = middle[number] if number < len(middle) else " " * inner
        note = notes[number] if number < len(notes) else ""
        yield f"{'' if number else time:>{TIME}}{'':{MARGIN}}|{lane}|  {note}"


def _arrow(rung: Rung, inner: int) -> str:
    text = textwrap.shorten(showable(rung.text), inner - 12, placeholder="...")
    if rung.kind == REQUEST:
        return f"---- {text} {'-' * (inner - len(text) - 7)}>"
    if rung.kind == RESPONSE:
        return f"<{'-' * (inner - len(text) - 7)} {text} ----"
    if rung.kind == LOST:
        return f"{f'x---- {text} ----':>{inner}}"
    if rung.kind == LINE:
        return f"{f' {text} ':.^{inner}}"
    return " " * inner


def mermaid(events: Sequence[Event], dialect: Dialect) -> str:
    """The same as a Mermaid ``sequenceDiagram``, for web pages and Markdown."""
    lines = ["sequenceDiagram", "    participant T as terminal", "    participant H as host"]
    for rung in gathered(rungs(events, dialect)):
        lines += [f"    {line}" for line in _mermaid(rung)]
    return "\n".join(lines)


def _mermaid(rung: Rung) -> Iterator[str]:
    text = _escaped(f"{rung.at / NS_PER_SECOND:+.3f}s {rung.text}".rstrip())
    arrows = {REQUEST: "T->>H", RESPONSE: "H-->>T", LOST: "H--xT"}
    if rung.kind in arrows:
        yield f"{arrows[rung.kind]}: {text}"
    elif rung.kind in {LINE, TERMINAL}:
        yield f"Note {'over T,H' if rung.kind == LINE else 'left of T'}: {text}"
    for note in rung.notes:
        yield f"Note right of H: {_escaped(note)}"


def _escaped(text: str) -> str:
    """Mermaid ends a text at ``;`` and ``#``, and reads ``<`` as HTML."""
    text = re.sub(r"[#;<>&\"]", lambda found: f"#{ord(found[0])};", showable(text))
    return " ".join(text.split())
