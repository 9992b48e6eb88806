"""Writing the code that decodes one shape.

The code of a shape looks like this (cup-pos, bitmap with DE 3, 11 and 2)::

    def decode(body):
        h = body.hex()
        mti = h[:4]
        n = L2[body[10]]
        e2 = h[22:22+n]
        if n & 1 and h[22+n] != '0': return None
        p = 11+(n+1>>1)
        q = p*2
        x = h[q+0:q+12]
        e3, e11 = G1(x)
        if p+6 != len(body) or not f'{mti}{e2}{e3}{e11}'.isdecimal():
            return None
        return new(Decoded, (mti, B, {2: e2, 3: e3, 11: e11}, (), M))

Whatever is not ordinary falls out as None or as an exception that the twin takes for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from switch.message.careful import Decoded
from switch.message.spec import (
    BINARY,
    NUMERIC,
    PREFIX_BYTES,
    TRACK,
    Coding,
    FieldSpec,
    text_is_ascii,
)

Decode = Callable[[bytes], Decoded | None]
Measure = Callable[[Mapping[int, str]], dict[int, tuple[int, int, int]]]


def numbers_of(bitmap: bytes, coding: Coding) -> list[int]:
    """The elements that a bitmap of 8 or 16 bytes (or their hex) announces, without bit 1.

    >>> numbers_of(bytes.fromhex("4000000000000001"), Coding())
    [2, 64]
    """
    raw = bitmap if coding.bitmap == "binary" else bytes.fromhex(bitmap.decode("ascii"))
    bits = int.from_bytes(raw, "big")
    size = len(raw) * 8
    return [n for n in range(2, size + 1) if bits >> (size - n) & 1]


def bitmap_bytes(coding: Coding, *, second: bool) -> int:
    """Bytes of the bitmaps together."""
    return (8 if coding.bitmap == "binary" else 16) * (2 if second else 1)


def prefix_table(spec: FieldSpec, coding: Coding) -> dict[Any, int]:
    """Length prefix as it travels (an int where it is one byte) -> digits or bytes."""
    size = PREFIX_BYTES[coding.lengths][spec.prefix]
    table: dict[Any, int] = {}
    for length in range(spec.length + 1):
        raw = prefix_bytes(length, size, coding)
        table[raw[0] if size == 1 else raw] = length
    return table


def prefix_bytes(length: int, size: int, coding: Coding) -> bytes:
    """A length as its prefix of ``size`` bytes.

    >>> prefix_bytes(19, 1, Coding()), prefix_bytes(19, 2, Coding(lengths="ascii"))
    (b'\\x19', b'19')
    """
    if coding.lengths == "binary":
        return length.to_bytes(size, "big")
    digits = f"{length:0{size * (2 if coding.lengths == 'bcd' else 1)}d}"
    return bytes.fromhex(digits) if coding.lengths == "bcd" else digits.encode("ascii")


def fixed_bytes(spec: FieldSpec) -> int:
    """Bytes of an element of fixed length."""
    return (spec.length + 1) // 2 if spec.packed else spec.length


@dataclass(slots=True)
class Writer:
    """The lines of one function, and where it stands in the body: ``base`` plus ``past``."""

    fields: Mapping[int, FieldSpec]
    coding: Coding
    names: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    base: str = ""  # name of a variable, or empty before the first element of variable length
    past: int = 0

    def at(self, more: int = 0, *, hexed: bool = False) -> str:
        """An expression for the place ``more`` bytes on, counted in bytes or in hex digits."""
        past = (self.past + more) * (2 if hexed else 1)
        if not self.base:
            return str(past)
        return f"{'q' if hexed else self.base}+{past}"

    def moved(self, size: str) -> None:
        """Go on after an element whose size in bytes is an expression."""
        self.lines += [f"p = {self.at()}+{size}", "q = p*2"]
        self.base, self.past = "p", 0

    def variable(self, spec: FieldSpec) -> None:
        """Read one element of variable length."""
        number = spec.number
        size = PREFIX_BYTES[self.coding.lengths][spec.prefix]
        self.names[f"L{number}"] = prefix_table(spec, self.coding)
        prefix = f"body[{self.at()}]" if size == 1 else f"body[{self.at()}:{self.at(size)}]"
        self.lines.append(f"n = L{number}[{prefix}]")
        self.past += size
        if spec.text:
            self.lines.append(f"e{number} = t[{self.at()}:{self.at()}+n]")
            self.check_text(f"e{number}")
            self.moved("n")
        elif not spec.packed:
            start = self.at(hexed=True)
            self.lines.append(f"e{number} = h[{start}:{start}+n*2]")
            self.moved("n")
        else:
            self._packed(spec)
            self.moved("(n+1>>1)")

    def _packed(self, spec: FieldSpec) -> None:
        start = self.at(hexed=True)
        if spec.pad == "left":
            self.lines += [
                f"o = {start}+(n&1)",
                f"if n & 1 and h[{start}] != '0': return None",
                f"e{spec.number} = h[o:o+n]",
            ]
            return
        self.lines += [
            f"e{spec.number} = h[{start}:{start}+n]",
            f"if n & 1 and h[{start}+n] != '0': return None",
        ]

    def run(self, specs: list[FieldSpec]) -> None:
        """Read elements of fixed length that follow each other."""
        taken = 0
        digits: list[tuple[str, slice]] = []
        texts: list[tuple[str, slice]] = []
        for spec in specs:
            name, size = f"e{spec.number}", fixed_bytes(spec)
            if spec.text:
                texts.append((name, slice(taken, taken + size)))
            else:
                digits += self._digits(spec, name, taken)
            taken += size
        self._slices("h", digits, 2)
        for group in neighbours(texts):
            self._slices("t", group, 1)
        self.past += taken

    @staticmethod
    def _digits(spec: FieldSpec, name: str, place: int) -> Iterator[tuple[str, slice]]:
        """The digits of one element and, if their number is odd, the pad beside them."""
        start = place * 2
        end = start + fixed_bytes(spec) * 2
        if not spec.packed or spec.length % 2 == 0:
            yield name, slice(start, end)
        elif spec.pad == "left":
            yield f"pad{spec.number}", slice(start, start + 1)
            yield name, slice(start + 1, end)
        else:
            yield name, slice(start, end - 1)
            yield f"pad{spec.number}", slice(end - 1, end)

    def _slices(self, source: str, wanted: list[tuple[str, slice]], unit: int) -> None:
        """Cut names out of ``h`` or ``t``; places count digits or bytes from where it stands."""
        if not wanted:
            return
        start, end = wanted[0][1].start, wanted[-1][1].stop
        base = ("q+" if unit == 2 else "p+") if self.base else ""
        past = self.past * unit
        whole = f"{source}[{base}{past + start}:{base}{past + end}]"
        targets = ", ".join(name for name, _ in wanted)
        if len(wanted) > 1:
            getter = f"G{len(self.names)}"
            self.names[getter] = itemgetter(
                *(slice(part.start - start, part.stop - start) for _, part in wanted)
            )
            self.lines.append(f"x = {whole}")
            self.lines.append(f"{targets} = {getter}(x)")
        else:
            self.lines.append(f"{targets} = {whole}")
        if unit == 1:
            self.check_text("x" if len(wanted) > 1 else targets)

    def check_text(self, name: str) -> None:
        """Leave text that is not ASCII, and may be more than a byte a character, to others."""
        if text_is_ascii(self.coding):
            self.lines.append(f"if not {name}.isascii(): return None")


def neighbours(wanted: list[tuple[str, slice]]) -> Iterator[list[tuple[str, slice]]]:
    """The slices in groups without gaps."""
    group: list[tuple[str, slice]] = []
    for name, part in wanted:
        if group and group[-1][1].stop != part.start:
            yield group
            group = []
        group.append((name, part))
    if group:
        yield group


def runs_of(specs: list[FieldSpec]) -> Iterator[list[FieldSpec]]:
    """The elements in groups: those of fixed length that follow each other, or a single one."""
    run: list[FieldSpec] = []
    for spec in specs:
        if not spec.prefix:
            run.append(spec)
            continue
        if run:
            yield run
        yield [spec]
        run = []
    if run:
        yield run


def decoder(fields: Mapping[int, FieldSpec], coding: Coding, bitmap: bytes) -> Decode | None:
    """The function that decodes bodies with these bitmaps; None if they are not known here."""
    numbers = numbers_of(bitmap, coding)
    if any(number not in fields for number in numbers):
        return None
    specs = [fields[number] for number in numbers]
    writer = Writer(fields, coding)
    writer.past = (2 if coding.mti == "bcd" else 4) + len(bitmap)
    for run in runs_of(specs):
        if run[0].prefix:
            writer.variable(run[0])
        else:
            writer.run(run)
    names = writer.names | {
        "Decoded": Decoded,
        "new": tuple.__new__,  # what a NamedTuple's own __new__ calls
        "M": measurer(fields, coding, bitmap),
        "B": bitmap.hex().upper() if coding.bitmap == "binary" else bitmap.decode().upper(),
    }
    decode: Decode = compiled("decode", "body", frame(writer, specs, coding), names)
    return decode


def frame(writer: Writer, specs: list[FieldSpec], coding: Coding) -> list[str]:
    """The lines before the elements are read, those, and the checks after."""
    packed = coding.mti == "bcd" or any(not spec.text for spec in specs)
    lines = ["h = body.hex()"] if packed else []
    if any(spec.text for spec in specs):
        charset = "latin-1" if text_is_ascii(coding) else coding.text
        lines.append(f"t = body.decode({charset!r})")
    lines.append("mti = h[:4]" if coding.mti == "bcd" else "mti = body[:4].decode('latin-1')")
    lines += writer.lines
    digits = "".join(f"{{e{spec.number}}}" for spec in specs if spec.type == NUMERIC)
    lines.append(f"if {writer.at()} != len(body) or not f'{{mti}}{digits}'.isdecimal():")
    lines.append(" return None")
    pads = [f"pad{spec.number}" for spec in specs if odd(spec)]
    if pads:
        lines.append(f"if not ({' == '.join([*pads, repr('0')])}): return None")
    values = ", ".join(f"{spec.number}: {shown(spec)}" for spec in specs)
    lines.append(f"return new(Decoded, (mti, B, {{{values}}}, (), M))")
    return lines


def shown(spec: FieldSpec) -> str:
    """The expression for the value of an element: hex is shown in upper case."""
    return f"e{spec.number}.upper()" if spec.type in {TRACK, BINARY} else f"e{spec.number}"


def odd(spec: FieldSpec) -> bool:
    return spec.packed and not spec.prefix and spec.length % 2 == 1


def measurer(fields: Mapping[int, FieldSpec], coding: Coding, bitmap: bytes) -> Measure:
    """The function that says where the elements of a decoded body were: ``Decoded.spans``."""
    past, base = (2 if coding.mti == "bcd" else 4) + len(bitmap), ""
    lines: list[str] = []
    entries: list[str] = []
    for number in numbers_of(bitmap, coding):
        spec = fields[number]
        prefix = PREFIX_BYTES[coding.lengths][spec.prefix]
        if not spec.prefix:
            size = fixed_bytes(spec)
            entries.append(f"{number}: ({base}{past}, {base}{past}, {base}{past + size})")
            past += size
            continue
        length = f"len(f[{number}])"
        size_of = length if spec.text else f"({length}+1>>1)"
        lines.append(f"p{number} = {base}{past + prefix}+{size_of}")
        entries.append(f"{number}: ({base}{past}, {base}{past + prefix}, p{number})")
        base, past = f"p{number}+", 0
    lines.append(f"return {{{', '.join(entries)}}}")
    measure: Measure = compiled("measure", "f", lines, {})
    return measure


def compiled(name: str, parameters: str, lines: list[str], names: dict[str, Any]) -> Any:
    """The function with these lines, which sees ``names`` beside the built-in ones."""
    source = f"def {name}({parameters}):\n" + "".join(f" {line}\n" for line in lines)
    exec(compile(source, f"<{name}>", "exec"), names)  # every piece of it was written above
    return names[name]
