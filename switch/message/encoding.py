"""Writing the code that encodes one shape.

The code of a shape looks like this (cup-pos, DE 2, 3 and 41)::

    def encode(mti, f):
        e2, e3, e41, = f.values()
        a2, z2 = T2[len(e2)]
        if not (len(mti) == 4 and len(e3) == 6 and len(e41) <= 8
                and f"{mti}{e2}{e3}".isdecimal() and f"{e41}".isascii()):
            return None
        return b"".join((bytes.fromhex(f"{mti}6000000000800000{a2}{e2}{z2}{e3}"),
                         f"{e41:<8}".encode("latin-1")))

Runs of digits and bytes are turned into bytes at once, and so are runs of text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from switch.message.decoding import compiled, prefix_bytes
from switch.message.spec import BINARY, NUMERIC, PREFIX_BYTES, Coding, FieldSpec, text_is_ascii

Encode = Callable[[str, Mapping[int, str]], bytes | None]


@dataclass(slots=True)
class Writer:
    """What the function of one shape needs: its pieces, its conditions, its tables.

    Attributes:
        pieces: kind (``hex``, ``text`` or ``bytes``) and template, in wire order.
        conditions: expressions that hold for ordinary values.
        tables: name -> length -> prefix (and pad).
        lines: what comes before the conditions.
        digits: templates of what must be decimal; hexed: of what must be hex without blanks.
    """

    coding: Coding
    pieces: list[tuple[str, str]] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    tables: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    digits: str = ""
    hexed: str = ""
    texts: str = ""

    def put(self, kind: str, template: str) -> None:
        """Add to the last piece if it is of this kind, else begin a new one."""
        if self.pieces and self.pieces[-1][0] == kind:
            self.pieces[-1] = (kind, self.pieces[-1][1] + template)
        else:
            self.pieces.append((kind, template))

    def lead(self, bitmap: bytes) -> None:
        """MTI and bitmap."""
        self.conditions.append("len(mti) == 4")
        self.digits += "{mti}"
        if self.coding.mti == "bcd":
            self.put("hex", "{mti}")
        else:
            self.put("plain", "{mti}")
        if self.coding.bitmap == "binary":
            self.put("hex", bitmap.hex())
        else:
            self.put("plain", bitmap.hex().upper())

    def element(self, spec: FieldSpec) -> None:
        """One element with its length prefix."""
        name = f"e{spec.number}"
        if spec.text:
            self.texts += f"{{{name}}}"
            self._text(spec, name)
            return
        if spec.type == NUMERIC:
            self.digits += f"{{{name}}}"
        else:
            self.hexed += f"{{{name}}}"
        prefix, pad = self._variable(spec, name) if spec.prefix else self._fixed(spec, name)
        padded = f"{pad}{{{name}}}" if spec.pad == "left" else f"{{{name}}}{pad}"
        self.put("hex", prefix + padded)

    def _variable(self, spec: FieldSpec, name: str) -> tuple[str, str]:
        """Templates of prefix and pad of an element whose length is looked up."""
        number = spec.number
        self.tables[f"T{number}"] = self._hex_table(spec)
        self.lines.append(f"a{number}, z{number} = T{number}[len({name})]")
        return f"{{a{number}}}", f"{{z{number}}}"

    def _fixed(self, spec: FieldSpec, name: str) -> tuple[str, str]:
        length = spec.length * (1 if spec.packed else 2)
        self.conditions.append(f"len({name}) == {length}")
        return "", "0" * (length % 2)

    def _text(self, spec: FieldSpec, name: str) -> None:
        kind = "plain" if text_is_ascii(self.coding) else "coded"
        if not spec.prefix:
            self.conditions.append(f"len({name}) <= {spec.length}")
            self.put(kind, f"{{{name}:<{spec.length}}}")
            return
        self.tables[f"T{spec.number}"] = {
            length: self._prefix(spec, length).decode("latin-1")
            for length in range(spec.length + 1)
        }
        self.lines.append(f"a{spec.number} = T{spec.number}[len({name})]")
        self.put("plain", f"{{a{spec.number}}}")
        self.put(kind, f"{{{name}}}")

    def _prefix(self, spec: FieldSpec, length: int) -> bytes:
        return prefix_bytes(length, PREFIX_BYTES[self.coding.lengths][spec.prefix], self.coding)

    def _hex_table(self, spec: FieldSpec) -> dict[int, tuple[str, str]]:
        """Hex digits of a value -> its prefix as hex, and the pad."""
        step = 2 if spec.type == BINARY else 1
        return {
            length * step: (
                self._prefix(spec, length).hex(),
                "0" if spec.packed and length % 2 else "",
            )
            for length in range(spec.length + 1)
        }


def encoder(
    fields: Mapping[int, FieldSpec], coding: Coding, numbers: tuple[int, ...]
) -> Encode | None:
    """The function that encodes messages with these elements; None if one is not known."""
    if not numbers or any(number not in fields for number in numbers):
        return None
    writer = Writer(coding)
    writer.lead(bitmap_of(numbers))
    for number in sorted(numbers):
        writer.element(fields[number])
    encode: Encode = compiled("encode", "mti, f", lines_of(writer, numbers), writer.tables)
    return encode


def bitmap_of(numbers: tuple[int, ...]) -> bytes:
    """8 bytes, or 16 with the first bit set.

    >>> bitmap_of((2, 64)).hex(), bitmap_of((2, 66)).hex()
    ('4000000000000001', 'c0000000000000004000000000000000')
    """
    size = 128 if max(numbers) > 64 else 64
    bits = sum(1 << (size - number) for number in numbers)
    bits |= 1 << 127 if size == 128 else 0
    return bits.to_bytes(size // 8, "big")


def lines_of(writer: Writer, numbers: tuple[int, ...]) -> list[str]:
    """The lines of the function."""
    targets = "".join(f"e{number}, " for number in numbers)
    conditions = [*writer.conditions, f"f'{writer.digits}'.isdecimal()"]
    if writer.hexed:  # bytes.fromhex passes over blanks
        conditions.append(f"f'0{writer.hexed}'.isalnum()")
    if writer.texts and text_is_ascii(writer.coding):
        conditions.append(f"f'{writer.texts}'.isascii()")
    made = [_made(kind, template, writer.coding) for kind, template in writer.pieces]
    joined = made[0] if len(made) == 1 else f"b''.join(({', '.join(made)}))"
    return [
        f"{targets}= f.values()",
        *writer.lines,
        f"if not ({' and '.join(conditions)}):",
        " return None",
        f"return {joined}",
    ]


def _made(kind: str, template: str, coding: Coding) -> str:
    """The expression that makes bytes of one piece."""
    if kind == "hex":
        return f"bytes.fromhex(f'{template}')"
    charset = "latin-1" if kind == "plain" else coding.text
    return f"f'{template}'.encode({charset!r})"
