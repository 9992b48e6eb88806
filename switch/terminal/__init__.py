"""The model terminal: a correct UnionPay POS terminal without sockets, and its defects.

    ask(stimulus) --> terminal.Terminal --drives--> procedures (generators)
    bytes, lost   -->        |                          |  yield Wait, get an event
                             v                          v
                        port.Port  <-- line.Line    outcomes (P2 to P6; approved, declined, unknown)
                    (send, save, show)              reversal (R1 to R21), sign_on (S1 to S7)
                                                    exchange (T1 to T6) --> replies (V1 to V7)

``settings`` says which terminal it is, ``record`` is its permanent memory, ``desk`` is all
that a procedure works with, ``messages`` builds what it sends, ``card_reader`` takes the card,
``chip`` is the card's side of DE 55, ``screen`` what the terminal shows.
``habits`` holds its behaviour as values whose defaults are correct; a defect of ``defects``
is a changed habit. Rule ids in comments are those of protocol.md section 6.
"""

from switch.terminal.defects import DEFECTS, Defect
from switch.terminal.habits import Habits
from switch.terminal.port import Port, Result
from switch.terminal.record import Record
from switch.terminal.settings import Card, Settings
from switch.terminal.terminal import Terminal

__all__ = [
    "DEFECTS",
    "Card",
    "Defect",
    "Habits",
    "Port",
    "Record",
    "Result",
    "Settings",
    "Terminal",
]
