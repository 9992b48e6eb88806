"""How a response is spoiled, one fault per class; the host breaks only where it is told to.

::

    response --message--> encoded parts --field--> sealed body --mac--> frame --frame--> pieces
                                                    pieces --transport--> --timing--> the wire

A fault is a frozen dataclass: its fields are its YAML keys (a trailing underscore is not part
of the key), its docstring is its documentation, ``@fault`` puts it into :data:`FAULTS`. Faults
of one moment share the signature of ``apply``; one that cannot take effect raises
:class:`FaultSkipped` and leaves the response as it is.

``message_faults``, ``field_faults`` with ``form_faults``, ``mac_faults``, ``frame_faults``,
``transport_faults`` and ``timing_faults`` hold one moment each; ``places`` finds and codes one
element, ``bitmap`` and ``pieces`` know bits and cuts.
"""

from switch.faults import form_faults  # noqa: F401 - registers its faults
from switch.faults.fault import (
    FAULTS,
    MOMENTS,
    Fault,
    FaultSkipped,
    describe,
    listing,
    order,
    resolved,
)
from switch.faults.field_faults import FieldFault
from switch.faults.frame_faults import FrameFault
from switch.faults.mac_faults import MacFault
from switch.faults.message_faults import MessageFault
from switch.faults.pieces import leaving, whole
from switch.faults.timing_faults import TimingFault
from switch.faults.transport_faults import TransportFault

__all__ = [
    "FAULTS",
    "MOMENTS",
    "Fault",
    "FaultSkipped",
    "FieldFault",
    "FrameFault",
    "MacFault",
    "MessageFault",
    "TimingFault",
    "TransportFault",
    "describe",
    "leaving",
    "listing",
    "order",
    "resolved",
    "whole",
]
