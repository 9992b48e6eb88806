"""The codec: its compiled twin for ordinary messages, the careful one for everything else."""

from __future__ import annotations

from collections.abc import Mapping

from switch.message.careful import CarefulCodec, Decoded
from switch.message.parts import Parts
from switch.message.spec import Coding, FieldSpec
from switch.message.twin import Twin


class Codec:
    """Bytes to values and back, for one table of elements.

    Values are ``str``: digits for ``n``, digits and ``D`` for ``z``, upper-case hex for ``b``,
    text for ``an`` and ``ans`` with its trailing spaces. Bytes that are no text of the
    encoding survive as surrogate escapes and are encoded to the same bytes again.
    """

    def __init__(self, fields: Mapping[int, FieldSpec], coding: Coding) -> None:
        self.fields = dict(fields)
        self.coding = coding
        self.careful = CarefulCodec(fields, coding)
        self._twin = Twin(self.fields, coding)

    def decode(self, body: bytes) -> Decoded:
        """The values of a body that starts with its MTI.

        Raises:
            MessageError: with element, offset from the MTI, and the elements read so far.
        """
        return self._twin.decode(body) or self.careful.decode(body)

    def body(self, mti: str, fields: Mapping[int, str]) -> bytes:
        """The bytes of a message, from its MTI on.

        Args:
            mti: four digits.
            fields: element -> value as :meth:`decode` gives it; fixed text may be shorter and
                is padded with spaces on the right.

        Raises:
            MessageError: a value that its element cannot hold, an element without a field.
        """
        return self._twin.encode(mti, fields) or self.careful.encode(mti, fields).join()

    def encode(self, mti: str, fields: Mapping[int, str]) -> Parts:
        """The same message in its parts, for whoever edits them before they are joined.

        Raises:
            MessageError: see :meth:`body`.
        """
        return self.careful.encode(mti, fields)
