"""The catalogue of defects: real mistakes of real terminals, each a changed habit.

One table per theme; an entry in a table is all it takes to add a defect.
"""

from __future__ import annotations

from switch.terminal.defects.authorizations import AUTHORIZATIONS
from switch.terminal.defects.chip import CHIP
from switch.terminal.defects.declines import DECLINES
from switch.terminal.defects.defect import BOTH, Defect
from switch.terminal.defects.downloads import DOWNLOADS
from switch.terminal.defects.forwarding import FORWARDING
from switch.terminal.defects.missing_reversals import MISSING_REVERSALS
from switch.terminal.defects.needless import NEEDLESS
from switch.terminal.defects.power import POWER
from switch.terminal.defects.qr import QR
from switch.terminal.defects.replies import REPLIES
from switch.terminal.defects.reversals import REVERSALS
from switch.terminal.defects.settlement import SETTLEMENT
from switch.terminal.defects.sign_on import SIGN_ON

__all__ = ["BOTH", "DEFECTS", "TABLES", "Defect"]

TABLES: tuple[tuple[Defect, ...], ...] = (
    MISSING_REVERSALS,
    NEEDLESS,
    REVERSALS,
    REPLIES,
    DECLINES,
    SIGN_ON,
    AUTHORIZATIONS,
    SETTLEMENT,
    CHIP,
    FORWARDING,
    DOWNLOADS,
    POWER,
    QR,
)

DEFECTS: dict[str, Defect] = {defect.name: defect for table in TABLES for defect in table}
