"""The careful codec: pyiso8583 does the coding, this layer says what went wrong and keeps the text.

pyiso8583 raises ``KeyError`` for a bit without a field, lets hex digits pass in ``n``
elements, rejects the pads that real hosts send, does not pad fixed text, and reads bit 65 as
a third bitmap; each of these is put right here and nowhere else. Its errors become sentences
with number, name, found, allowed and place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import iso8583

from switch.errors import MessageError
from switch.message import complaints
from switch.message.parts import Part, Parts
from switch.message.spec import TRACK, Coding, FieldSpec, pyiso8583_spec

ESCAPED = re.compile("[\udc80-\udcff]")
MTI_FORM = re.compile(r"[0-9]{4}")
Spans = Mapping[int, tuple[int, int, int]]


class Decoded(NamedTuple):
    """A message as values.

    Attributes:
        mti: four digits.
        bitmap: hex; the second bitmap follows the first.
        fields: element -> digits, hex or text, as printed in the standards.
        notes: what was read leniently, in sentences.
        measure: works out :attr:`spans` from the elements.
    """

    mti: str
    bitmap: str
    fields: dict[int, str]
    notes: tuple[str, ...]
    measure: Callable[[Mapping[int, str]], Spans]

    @property
    def spans(self) -> Spans:
        """Element -> (first byte of its length prefix, first byte of its value, byte after it).

        Counted from the first byte of the MTI; worked out anew at each call.
        """
        return self.measure(self.fields)


class CarefulCodec:
    """Bytes to values and back, for one table of elements.

    Values are ``str``: digits for ``n``, digits and ``D`` for ``z``, upper-case hex for ``b``,
    text for ``an`` and ``ans`` with its trailing spaces. Bytes that are no text of the
    encoding survive as surrogate escapes and are encoded to the same bytes again.
    """

    def __init__(self, fields: Mapping[int, FieldSpec], coding: Coding) -> None:
        self.fields = dict(fields)
        self.coding = coding
        self._mti_bytes = 2 if coding.mti == "bcd" else 4
        self._bitmap_bytes = 8 if coding.bitmap == "binary" else 16
        # Bits of each bitmap that stand for no element; bit 1 announces the second bitmap.
        self._unknown = {
            first: sum(
                1 << (64 - bit) for bit in range(1, 65) if first + bit not in {1, *self.fields}
            )
            for first in (0, 64)
        }

    @cached_property
    def spec(self) -> dict[str, dict[str, Any]]:
        """The pyiso8583 specification of the table."""
        return pyiso8583_spec(self.fields, self.coding)

    # ---- decoding ----------------------------------------------------------------------

    def decode(self, body: bytes) -> Decoded:
        """The values of a body that starts with its MTI.

        Raises:
            MessageError: with element, offset from the MTI, and the elements read so far.
        """
        notes: list[str] = []
        mended = bytes(body)
        self._check_start(mended)
        for _ in range(len(self.fields) + 1):
            try:
                values, encoded = iso8583.decode(mended, self.spec)
                return self._decoded(values, encoded, notes)
            except iso8583.DecodeError as error:
                again = self._mend_pad(mended, error, notes)
                if again is None:
                    raise self._error(mended, error) from None
                mended = again
        raise AssertionError("every element was mended once")  # pragma: no cover

    def _check_start(self, body: bytes) -> None:
        """Refuse what pyiso8583 cannot even start with: MTI, bitmap, bits without a field."""
        raw = body[: self._mti_bytes]
        mti = raw.hex() if self.coding.mti == "bcd" else raw.decode("latin-1")
        if len(raw) < self._mti_bytes:
            raise MessageError(f"MTI: {len(raw)} of {self._mti_bytes} bytes are there", offset=0)
        if not MTI_FORM.fullmatch(mti):
            raise MessageError(f"MTI: {mti.upper()!r} is not four digits", offset=0)
        start = self._mti_bytes
        number = 0
        bitmaps = ""
        more = True
        while more:
            bits = self._bitmap(body, start, mti, bitmaps)
            bitmaps += bits
            more = number == 0 and int(bits, 16) >> 63 == 1
            unknown = int(bits, 16) & self._unknown[number]
            if unknown:
                bit = 65 - unknown.bit_length()  # the leftmost one set
                raise MessageError(
                    f"DE {number + bit}: its bit is set and this dialect has no such element",
                    element=number + bit,
                    offset=start + (bit - 1) // 8,
                    mti=mti,
                    bitmap=bitmaps,
                )
            number += 64
            start += self._bitmap_bytes

    def _bitmap(self, body: bytes, start: int, mti: str, before: str) -> str:
        raw = body[start : start + self._bitmap_bytes]
        if len(raw) < self._bitmap_bytes:
            text = f"bitmap: {len(raw)} of {self._bitmap_bytes} bytes are there"
            raise MessageError(text, offset=start, mti=mti, bitmap=before)
        if self.coding.bitmap == "binary":
            return raw.hex().upper()
        bits = raw.decode("latin-1").upper()
        if complaints.NOT_HEX.search(bits):
            raise MessageError(f"bitmap: {bits!r} is not hex", offset=start, mti=mti)
        return bits

    def _decoded(
        self, values: dict[str, str], encoded: dict[str, dict[str, bytes]], notes: list[str]
    ) -> Decoded:
        fields = self._fields(values, encoded, notes)
        bitmap = values["p"] + values.get("1", "")
        spans = self._spans(encoded)
        return Decoded(values["t"], bitmap, fields, tuple(notes), lambda _: spans)

    def _fields(
        self, values: dict[str, str], encoded: dict[str, dict[str, bytes]], notes: list[str]
    ) -> dict[int, str]:
        """The elements as shown, up to the first that holds what its type does not."""
        fields: dict[int, str] = {}
        for name, value in values.items():
            if not name.isdigit() or name == "1":
                continue
            number = int(name)
            field = self.fields[number]
            wrong = complaints.wrong_prefix(field, encoded[name]["len"], self.coding)
            wrong = wrong or complaints.wrong_digit(field, value)
            if wrong:
                raise MessageError(
                    wrong,
                    element=number,
                    offset=self._spans(encoded)[number][0],
                    mti=values["t"],
                    bitmap=values["p"] + values.get("1", ""),
                    fields=fields,
                )
            fields[number] = self._shown(field, value, notes)
        return fields

    def _shown(self, field: FieldSpec, value: str, notes: list[str]) -> str:
        if not field.text:
            return value
        shown = value.encode("latin-1").decode(self.coding.text, "surrogateescape")
        if ESCAPED.search(shown):
            notes.append(f"{field}: holds bytes that are no {self.coding.text.upper()} text")
        return shown

    def _spans(self, encoded: dict[str, dict[str, bytes]]) -> dict[int, tuple[int, int, int]]:
        spans: dict[int, tuple[int, int, int]] = {}
        place = self._mti_bytes + len(encoded["p"]["data"])
        place += len(encoded["1"]["data"]) if "1" in encoded else 0
        for name, pieces in encoded.items():
            if not name.isdigit() or name == "1":
                continue
            value = place + len(pieces["len"])
            end = value + len(pieces["data"])
            spans[int(name)] = (place, value, end)
            place = end
        return spans

    def _mend_pad(self, body: bytes, error: iso8583.DecodeError, notes: list[str]) -> bytes | None:
        """The body with one odd pad put right, if that is all that is wrong there."""
        field = self.fields.get(int(error.field)) if error.field.isdigit() else None
        if field is None or not field.lenient or not field.packed or not field.length:
            return None
        data = error.doc_enc.get(error.field, {}).get("data", b"")
        found = re.fullmatch(r"Field data is (\d+) nibbles, expecting (\d+)", error.msg)
        if not found or int(found[1]) != int(found[2]) + 1 or int(found[2]) % 2 == 0:
            return None
        digits = data.hex().upper()
        if field.pad == "right" and digits[-1] in "ABCDEF":
            mended, note = digits[:-1] + "0", f"{field}: padded with {digits[-1]}, 0 is usual"
        elif field.pad == "right" and field.prefix and digits[0] == "0":
            mended, note = digits[1:] + "0", f"{field}: padded on the left, this dialect: right"
        elif field.pad == "left" and digits[0] in "ABCDEF":
            mended, note = "0" + digits[1:], f"{field}: padded with {digits[0]}, 0 is usual"
        else:
            return None
        notes.append(note)
        start = error.pos
        return body[:start] + bytes.fromhex(mended) + body[start + len(data) :]

    def _error(self, body: bytes, error: iso8583.DecodeError) -> MessageError:
        """What is wrong first: an element before the one that pyiso8583 stopped at, or that."""
        trailing = error.msg.startswith("Extra data")
        read = {
            name: value for name, value in error.doc_dec.items() if trailing or name != error.field
        }
        try:
            fields = self._fields(read, error.doc_enc, [])
        except MessageError as earlier:
            return earlier
        bitmap = read["p"] + read.get("1", "")
        if trailing:
            left = len(body) - error.pos
            text = f"{left} {'byte' if left == 1 else 'bytes'} after the last element"
            return MessageError(text, offset=error.pos, mti=read["t"], bitmap=bitmap, fields=fields)
        number = int(error.field)
        return MessageError(
            complaints.sentence(self.fields[number], error, self.coding),
            element=number,
            offset=self._spans(error.doc_enc)[number][0],
            mti=read["t"],
            bitmap=bitmap,
            fields=fields,
        )

    # ---- encoding ----------------------------------------------------------------------

    def encode(self, mti: str, fields: Mapping[int, str]) -> Parts:
        """The parts of a message.

        Args:
            mti: four digits.
            fields: element -> value as :meth:`decode` gives it; fixed text may be shorter and
                is padded with spaces on the right.

        Raises:
            MessageError: a value that its element cannot hold, an element without a field.
        """
        if not MTI_FORM.fullmatch(mti):
            raise MessageError(f"MTI: {mti!r} is not four digits")
        values = {"t": mti}
        for number in sorted(fields):
            field = self.fields.get(number)
            if field is None:
                raise MessageError(f"DE {number}: this dialect has no such element", element=number)
            values[str(number)] = self._checked(field, fields[number])
        try:
            _, encoded = iso8583.encode(values, self.spec)
        except iso8583.EncodeError as error:
            raise self._encode_error(error) from None
        bitmap = encoded["p"]["data"] + encoded.get("1", {"data": b""})["data"]
        elements = tuple(
            Part(int(name), pieces["len"], pieces["data"])
            for name, pieces in encoded.items()
            if name.isdigit() and name != "1"
        )
        return Parts(encoded["t"]["data"], bitmap, elements)

    def _checked(self, field: FieldSpec, value: str) -> str:
        if field.text:
            return self._wire_text(field, value)
        value = value.upper()
        if field.type == TRACK:
            value = value.replace("=", "D")
        _refuse(field, complaints.wrong_characters(field, value))
        _refuse(
            field, complaints.wrong_size(field, len(value) if field.packed else len(value) // 2)
        )
        return value

    def _wire_text(self, field: FieldSpec, value: str) -> str:
        try:
            raw = value.encode(self.coding.text, "surrogateescape")
        except UnicodeEncodeError as error:
            found = value[error.start : error.start + 1]
            text = f"{field}: {found!r} is no {self.coding.text.upper()} character"
            raise MessageError(text, element=field.number) from None
        if not field.prefix:
            raw = raw.ljust(field.length, " ".encode(self.coding.text))
        _refuse(field, complaints.wrong_size(field, len(raw)))
        return raw.decode("latin-1")

    @staticmethod
    def _encode_error(error: iso8583.EncodeError) -> MessageError:
        element = int(error.field) if error.field.isdigit() else None
        place = f"DE {element}" if element else "message"
        return MessageError(f"{place}: {error.msg.lower()}", element=element)


def _refuse(field: FieldSpec, why: str) -> None:
    if why:
        raise MessageError(why, element=field.number)
