"""BER-TLV, as far as DE 55 needs it (EMV book 3, annex B)."""

from __future__ import annotations

from switch.errors import MessageError


def read_tags(value: str) -> dict[str, str]:
    """Tag -> value, both upper-case hex, of a DE 55.

    Args:
        value: hex.

    Raises:
        MessageError: a tag or length that runs over the end; ``offset`` counts from the start
            of the value.

    >>> read_tags("9F2701809F36020157")
    {'9F27': '80', '9F36': '0157'}
    """
    return dict(read_objects(value))


def read_groups(value: str) -> list[dict[str, str]]:
    """Records of tags one after the other: each begins with the tag that began the first.

    >>> read_groups("9F22018A9F2201D1")
    [{'9F22': '8A'}, {'9F22': 'D1'}]
    """
    groups: list[dict[str, str]] = []
    for tag, content in read_objects(value):
        if not groups or tag == next(iter(groups[0])):
            groups.append({})
        groups[-1][tag] = content
    return groups


def read_objects(value: str) -> list[tuple[str, str]]:
    """(tag, value) in their order; a tag may stand more than once, as commands in a script do.

    Args:
        value: hex.

    Raises:
        MessageError: see :func:`read_tags`.

    >>> read_objects("860101860102")
    [('86', '01'), ('86', '02')]
    """
    raw = bytes.fromhex(value)
    objects: list[tuple[str, str]] = []
    place = 0
    while place < len(raw):
        if raw[place] in (0x00, 0xFF):  # padding between objects is allowed
            place += 1
            continue
        start = place
        place = _after_tag(raw, place)
        tag = raw[start:place].hex().upper()
        size, place = _length(raw, place, tag)
        if place + size > len(raw):
            left = len(raw) - place
            raise MessageError(f"tag {tag}: {left} of {size} bytes are there", offset=start)
        objects.append((tag, raw[place : place + size].hex().upper()))
        place += size
    return objects


def _after_tag(raw: bytes, place: int) -> int:
    start = place
    place += 1
    if raw[start] & 0x1F == 0x1F:
        while place < len(raw) and raw[place] & 0x80:
            place += 1
        place += 1
    if place > len(raw):
        raise MessageError("the value ends inside a tag", offset=start)
    return place


def _length(raw: bytes, place: int, tag: str) -> tuple[int, int]:
    if place >= len(raw):
        raise MessageError(f"tag {tag}: the value ends before its length", offset=place)
    first = raw[place]
    if first < 0x80:
        return first, place + 1
    count = first & 0x7F
    if count == 0 or place + 1 + count > len(raw):
        raise MessageError(f"tag {tag}: length byte {first:02X} is not possible", offset=place)
    return int.from_bytes(raw[place + 1 : place + 1 + count], "big"), place + 1 + count


def write_tags(tags: dict[str, str]) -> str:
    """The hex of a DE 55 with these tags.

    >>> write_tags({"9F27": "80", "9F36": "0157"})
    '9F2701809F36020157'
    """
    out = ""
    for tag, value in tags.items():
        size = len(value) // 2
        digits = f"{size:02X}" if size < 0x100 else f"{size:04X}"
        length = digits if size < 0x80 else f"{0x80 + len(digits) // 2:02X}{digits}"
        out += tag + length + value
    return out


TAG_NAMES = {
    "4F": "application identifier",
    "50": "application label",
    "57": "track 2 equivalent",
    "5A": "PAN",
    "5F20": "cardholder name",
    "5F24": "expiry date",
    "5F2A": "currency",
    "5F34": "card sequence",
    "71": "issuer script, before",
    "72": "issuer script, after",
    "82": "application interchange profile",
    "84": "dedicated file name",
    "8A": "authorization response code",
    "91": "issuer authentication",
    "95": "terminal verification results",
    "9A": "transaction date",
    "9B": "transaction status",
    "9C": "transaction type",
    "9F02": "amount authorized",
    "9F03": "amount other",
    "9F06": "application identifier",
    "9F09": "application version",
    "9F10": "issuer application data",
    "9F1A": "terminal country",
    "9F1E": "device serial number",
    "9F22": "public key index",
    "9F26": "application cryptogram",
    "9F27": "cryptogram information",
    "9F33": "terminal capabilities",
    "9F34": "CVM results",
    "9F35": "terminal type",
    "9F36": "transaction counter",
    "9F37": "unpredictable number",
    "9F41": "sequence counter",
    "9F63": "card product",  # PBOC
    "9F6B": "track 2, contactless",
    "9F74": "e-cash authorization",  # PBOC
    "9F79": "e-cash balance",  # PBOC
    "DF31": "issuer script results",  # protocol 2.8
}
