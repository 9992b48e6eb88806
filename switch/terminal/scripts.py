"""Issuer scripts: the card runs them, and what became of them is kept to be reported (I1, I2)."""

from __future__ import annotations

from collections.abc import Mapping

from switch import elements as de
from switch.errors import MessageError
from switch.message import Message
from switch.message.tlv import read_objects, write_tags
from switch.terminal.desk import Desk
from switch.terminal.record import ScriptResult
from switch.terminal.replies import Heard
from switch.terminal.settings import Card

IDENTIFIER, COMMAND = "9F18", "86"  # inside 71 and 72
NO_IDENTIFIER = "00000000"
# INS of the commands that an issuer may send (EMV Book 3, 6.5): block and unblock, PIN change,
# put data, update record.
KNOWN = frozenset({"16", "18", "1E", "24", "DA", "DC"})
INS = slice(2, 4)  # hex digits of a command
FAILED, SUCCEEDED = "1", "2"  # DF31, first digit; the second one counts to the command that failed
ENTRY = 10  # hex digits of one script in DF31
LAST_COUNTED = 15  # one hex digit
REPORTED = (
    "95", "9F10", "9F26", "9F36", "82", "DF31", "9F1A", "9A", "9F33", "9F37", "9F1E",
)  # 2.8  # fmt: skip
TAKEN = (de.PROCESSING_CODE, de.AMOUNT, de.ENTRY_MODE, de.CARD_SEQUENCE, de.CURRENCY)


def run(script: str) -> str:
    """Let the card run one script; its entry for tag DF31, or empty if there is no script.

    A command that the card does not know fails, and those after it are not run.

    >>> run("9F18040000000186058418000000")
    '2000000001'
    >>> run("86058418000000860584FF000000")
    '1200000000'
    """
    if not script:
        return ""
    try:
        objects = read_objects(script)
    except MessageError:
        return FAILED + "0" + NO_IDENTIFIER
    identifier = dict(objects).get(IDENTIFIER, NO_IDENTIFIER)
    commands = [value for tag, value in objects if tag == COMMAND]
    for number, command in enumerate(commands, start=1):
        if command[INS] not in KNOWN:
            return f"{FAILED}{min(number, LAST_COUNTED):X}{identifier}"
    return f"{SUCCEEDED}0{identifier}"


def ran(results: str) -> bool:
    """Whether every script of tag DF31 succeeded."""
    return all(results[place] == SUCCEEDED for place in range(0, len(results), ENTRY))


def keep_result(
    desk: Desk, card: Card, request: Message, heard: Heard, tags: Mapping[str, str]
) -> None:
    """The one pending script record (6.1): what the 0620 will say."""
    habits = desk.habits
    if not habits.reports_scripts or not (habits.reports_failed_scripts or ran(tags["DF31"])):
        return
    desk.record.script = ScriptResult(
        card=card.name,
        fields={n: request[n] for n in TAKEN if n in request},
        stan=request[de.STAN],
        batch=desk.record.batch,
        date=heard.value(de.LOCAL_DATE),
        rrn=heard.value(de.RRN),
        approval_code=heard.value(de.APPROVAL_CODE),
        ic_condition=request.part("60.5"),
        tags=write_tags({tag: tags[tag] for tag in REPORTED if tag in tags}),
    )
    desk.save()
