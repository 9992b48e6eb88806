"""What stands around a message: length prefix, TPDU, header.

stream of bytes -> framing.Framer.receive -> Frame(tpdu, header, body)
Frame, body     -> framing.Framing.wrap   -> bytes on the wire
"""

from switch.wire.framing import Frame, Framer, Framing

__all__ = ["Frame", "Framer", "Framing"]
