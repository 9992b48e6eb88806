"""Faults of the response before it is encoded: it answers something else."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from switch import elements as de
from switch.dialect import Dialect
from switch.faults.fault import Fault, FaultSkipped, fault
from switch.faults.values import another
from switch.message import Message
from switch.shapes import Words


@dataclass(frozen=True, slots=True)
class MessageFault(Fault):
    """Base: a response becomes another message, encoded and sealed like a right one."""

    moment: ClassVar[str] = "message"

    @abstractmethod
    def apply(self, response: Message, dialect: Dialect) -> Message:
        """The spoiled response; raises FaultSkipped."""


@fault
@dataclass(frozen=True, slots=True)
class WrongMti(MessageFault):
    """The response carries the MTI of another message class.

    A terminal expects its request's MTI plus 10 (rule V2). Without ``mti`` a financial or
    management response becomes a reversal response (0210 and 0810 -> 0410), a reversal
    response a financial one (0410 -> 0210).

    Keys:
        mti: four digits.
    """

    kind: ClassVar[str] = "wrong_mti"
    mti: Annotated[str, Words("[0-9]{4}", "an MTI of four digits")] = ""

    def apply(self, response: Message, dialect: Dialect) -> Message:
        right = response.mti
        # The second digit is the message class, 4 is reversal (ISO 8583:1987, 2.1).
        wrong = self.mti or right[0] + ("2" if right[1] == "4" else "4") + right[2:]
        if wrong == right:
            raise FaultSkipped(f"the response has MTI {right} anyway")
        return replace(response, mti=wrong)

    def options(self) -> str:
        return self.mti


@fault
@dataclass(frozen=True, slots=True)
class OtherTransaction(MessageFault):
    """The response answers another transaction of this terminal.

    STAN, RRN and approval code are those of the transaction before: the STAN one lower, the
    RRN following it where it ends in the STAN. Amount, TID and MID stay (rule V3).
    """

    kind: ClassVar[str] = "other_transaction"

    def apply(self, response: Message, dialect: Dialect) -> Message:
        stan = response.get(de.STAN)
        if not stan.isdigit():
            raise FaultSkipped(f"{dialect.codec.fields[de.STAN]}: not in this response")
        most = 10 ** len(stan) - 1
        changed = {de.STAN: str((int(stan) - 2) % most + 1).zfill(len(stan))}
        rrn, code = response.get(de.RRN), response.get(de.APPROVAL_CODE)
        if rrn.endswith(stan):
            changed[de.RRN] = rrn.removesuffix(stan) + changed[de.STAN]
        elif rrn:
            changed[de.RRN] = another(rrn, dialect.coding.text)
        if code:
            changed[de.APPROVAL_CODE] = another(code, dialect.coding.text)
        return response.with_fields(changed)
