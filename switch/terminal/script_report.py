"""The script result on its way: 0620, before the next online message (I2, I3, P3)."""

from __future__ import annotations

from switch.terminal import messages
from switch.terminal.desk import Desk
from switch.terminal.exchange import exchange
from switch.terminal.line import Steps


def report_script(desk: Desk) -> Steps[bool]:
    """Send the pending script result until it is answered, or often enough (X15).

    Returns:
        False if the host could not be reached: the result is kept, and nothing may overtake
        it (P3). A result that nobody answers holds nothing up: no sale depends on it (I4).
    """
    most = desk.habits.script_attempts or int(desk.settings.option("script_result_attempts"))
    while result := desk.record.script:
        heard = yield from exchange(desk, messages.script_result(desk, result))
        if heard.verdict == "not_sent":
            return False
        result.attempts += 1
        answered = heard.verdict == "valid" and heard.code in desk.dialect.reversal_done  # I3
        if answered or result.attempts >= most:
            desk.record.script = None
            if not answered:
                desk.show("display", "SCRIPT RESULT NOT DELIVERED")
        desk.save()
    return True
