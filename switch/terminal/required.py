"""What the host asks for in the header of its responses: noted, then done (1.4, H1 to H3)."""

from __future__ import annotations

from switch.terminal.desk import Desk
from switch.terminal.downloads import ACTIONS, good
from switch.terminal.line import Steps


def fulfil(desk: Desk) -> Steps[None]:
    """H1: between transactions, whatever is noted, each once; H2: noted until it has ended.

    Nothing is fetched inside a settlement that is under way (B11).

    What failed is given up with a word to the operator: a host that still wants it asks again.
    """
    ended: set[str] = set()
    while todo := [name for name in desk.record.required if name not in ended]:
        if desk.record.settling:
            return
        desk.serving = todo[0]
        heard = yield from ACTIONS[desk.serving](desk)
        if not good(heard):
            desk.show("display", f"{desk.serving.upper()}: FAILED, THE OLD ONES STAY IN USE")  # H4
        ended.add(desk.serving)
        if desk.habits.forgets_what_is_done:
            desk.record.required.remove(desk.serving)
        desk.serving = ""
        desk.save()
