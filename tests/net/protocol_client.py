"""A terminal written against the protocol alone: it imports nothing of ours.

Bytes are packed here by hand, keys and MACs computed with bare OpenSSL, so that a mistake
that codec and host share cannot hide.
"""

from __future__ import annotations

import socket
import struct

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

PAN = "6212142000000000012"
TID, MID = "12345678", "898310012345678"
TMK = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
ENVELOPE = bytes.fromhex("6000030000" + "603100310000")
FIXED_BCD = {3: 6, 4: 12, 11: 6, 12: 6, 13: 4, 14: 4, 15: 4, 25: 2, 26: 2, 53: 16}
TEXT = {37: 12, 38: 6, 39: 2, 41: 8, 42: 15, 49: 3}
LL_BCD, LLL_BCD, LL_TEXT, LLL_TEXT = {2, 32, 35}, {48, 60, 61}, {44}, {54, 63}
LLL_BYTES, BYTES_8 = {55, 62}, {52, 64}
Fields = dict[int, object]
OPEN: list[socket.socket] = []


def des(key: bytes, data: bytes, *, encrypt: bool = True) -> bytes:
    full = {8: key * 3, 16: key + key[:8], 24: key}[len(key)]
    cipher = Cipher(TripleDES(full), modes.ECB())
    worker = cipher.encryptor() if encrypt else cipher.decryptor()
    return worker.update(data) + worker.finalize()


def cup_mac(key: bytes, data: bytes) -> bytes:
    data += bytes(-len(data) % 8)
    folded = 0
    for place in range(0, len(data), 8):
        folded ^= int.from_bytes(data[place : place + 8], "big")
    letters = b"%016X" % folded
    first = des(key, letters[:8])
    second = des(key, bytes(a ^ b for a, b in zip(first, letters[8:], strict=True)))
    return second.hex().upper()[:8].encode()


def bcd(digits: str, *, left: bool = False) -> bytes:
    if len(digits) % 2:
        digits = "0" + digits if left else digits + "0"
    return bytes.fromhex(digits)


def encode(number: int, value: object) -> bytes:
    if isinstance(value, bytes):
        return value if number in BYTES_8 else bytes.fromhex(f"{len(value):04d}") + value
    text = str(value)
    if number in FIXED_BCD or number == 22:
        return bcd(text)
    if number == 23:
        return bcd(text, left=True)
    if number in LL_BCD:
        return bytes.fromhex(f"{len(text):02d}") + bcd(text)
    if number in LLL_BCD:
        return bytes.fromhex(f"{len(text):04d}") + bcd(text)
    if number in LLL_TEXT:
        return bytes.fromhex(f"{len(text):04d}") + text.encode()
    return text.encode()


def body(mti: str, fields: Fields, mak: bytes | None = None) -> bytes:
    numbers = sorted(fields) + ([64] if mak else [])
    bitmap = sum(1 << (64 - number) for number in numbers)
    out = bytes.fromhex(mti) + bitmap.to_bytes(8, "big")
    out += b"".join(encode(number, fields[number]) for number in sorted(fields))
    return out + cup_mac(mak, out) if mak else out


def decode(data: bytes) -> tuple[str, Fields]:
    bitmap = int.from_bytes(data[2:10], "big")
    fields: Fields = {}
    place = 10

    def take(count: int) -> bytes:
        nonlocal place
        place += count
        return data[place - count : place]

    for number in (n for n in range(2, 65) if bitmap >> (64 - n) & 1):
        if number in FIXED_BCD:
            fields[number] = take(FIXED_BCD[number] // 2).hex()
        elif number in {22, 23}:
            fields[number] = take(2).hex()
        elif number in LL_BCD | LLL_BCD:
            digits = int(take(1 if number in LL_BCD else 2).hex())
            fields[number] = take((digits + 1) // 2).hex()[:digits].upper()
        elif number in LL_TEXT | LLL_TEXT:
            fields[number] = take(int(take(1 if number in LL_TEXT else 2).hex())).decode("gbk")
        elif number in LLL_BYTES:
            fields[number] = take(int(take(2).hex()))
        elif number in BYTES_8:
            fields[number] = take(8)
        else:
            fields[number] = take(TEXT[number]).decode()
    assert place == len(data), f"{len(data) - place} bytes left over"
    return data[:2].hex(), fields


class ProtocolTerminal:
    """Signs on, sells, voids, reverses, and checks every MAC it gets."""

    def __init__(self, port: int, tid: str = TID, mid: str = MID, tmk: bytes = TMK) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        OPEN.append(self.socket)
        self.tid, self.mid, self.tmk = tid, mid, tmk
        self.pik = self.mak = b""
        self.batch = "000001"
        self.stan = 0
        self.header = b""

    def close(self) -> None:
        self.socket.close()

    def exchange(self, data: bytes, *, signed: bool | None = None) -> Fields:
        """Send one body, take one frame; ``signed``: the response must (not) carry a MAC."""
        frame = ENVELOPE + data
        self.socket.sendall(struct.pack(">H", len(frame)) + frame)
        size = struct.unpack(">H", self._read(2))[0]
        answer = self._read(size)
        assert answer[:5].hex() == "6000000003", "TPDU addresses are swapped"
        self.header, inner = answer[5:11], answer[11:]
        mti, fields = decode(inner)
        assert mti == f"{data[0]:02x}{data[1] + 0x10:02x}"
        if 64 in fields:
            assert fields[64] == cup_mac(self.mak, inner[:-8]), "the MAC of the response"
        assert signed is None or (64 in fields) == signed
        return fields

    def _read(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            piece = self.socket.recv(count - len(out))
            assert piece, "the host closed the connection"
            out += piece
        return out

    def next_stan(self) -> str:
        self.stan += 1
        return f"{self.stan:06d}"

    # ---- messages ----------------------------------------------------------------------

    def sign_on(self, code: str = "003") -> Fields:
        fields: Fields = {
            11: self.next_stan(), 41: self.tid, 42: self.mid, 60: "00" + self.batch + code,
            62: b"Sequence No163100SN0000000001", 63: "01 ",
        }  # fmt: skip
        answer = self.exchange(body("0800", fields), signed=False)
        if answer[39] == "00":
            self._unwrap(answer[62], code)  # type: ignore[arg-type]
            self.batch = str(answer[60])[2:8]
        return answer

    def _unwrap(self, block: bytes, code: str) -> None:
        if code == "001":
            assert len(block) == 24
            pik, mak = block[:8], block[12:20]
            kcvs = block[8:12], block[20:24]
            wrapping = self.tmk[:8]
        else:
            assert len(block) == 40
            pik, mak = block[:16], block[20:36]
            kcvs = block[16:20], block[36:40]
            wrapping = self.tmk
            if mak[8:] == bytes(8):
                mak = mak[:8]
        self.pik = des(wrapping, pik, encrypt=False)
        self.mak = des(wrapping, mak, encrypt=False)
        assert des(self.pik, bytes(8))[:4] == kcvs[0], "KCV of the PIK"
        assert des(self.mak, bytes(8))[:4] == kcvs[1], "KCV of the MAK"

    def pin_block(self, pin: str, pan: str) -> bytes:
        first = bytes.fromhex(f"{len(pin):02d}{pin}".ljust(16, "F"))
        second = bytes.fromhex("0000" + pan[-13:-1])
        return des(self.pik, bytes(a ^ b for a, b in zip(first, second, strict=True)))

    def sale_fields(self, amount: int, pan: str = PAN, pin: str = "123456") -> Fields:
        return {
            3: "000000", 4: f"{amount:012d}", 11: self.next_stan(), 22: "021", 25: "00",
            26: "12", 35: f"{pan}D30122011234567"[:37], 41: self.tid, 42: self.mid, 49: "156",
            52: self.pin_block(pin, pan), 53: "2600000000000000",
            60: f"22{self.batch}00060",
        }  # fmt: skip

    def sale(self, amount: int, pan: str = PAN, pin: str = "123456") -> tuple[Fields, Fields]:
        asked = self.sale_fields(amount, pan, pin)
        return asked, self.exchange(body("0200", asked, self.mak))

    def reversal(self, asked: Fields, reason: str = "98") -> Fields:
        fields = {number: asked[number] for number in (3, 4, 11, 22, 25, 41, 42, 49, 60)}
        return self.exchange(body("0400", fields | {39: reason}, self.mak), signed=True)

    def void(self, asked: Fields, answer: Fields) -> Fields:
        fields: Fields = {
            2: answer[2], 3: "200000", 4: asked[4], 11: self.next_stan(), 22: "012", 25: "00",
            37: answer[37], 38: answer.get(38, "000000"), 41: self.tid, 42: self.mid, 49: "156",
            60: f"23{self.batch}00060", 61: f"{self.batch}{asked[11]}",
        }  # fmt: skip
        return self.exchange(body("0200", fields, self.mak), signed=True)

    def balance(self, pin: str = "123456") -> Fields:
        fields: Fields = {
            2: PAN, 3: "310000", 11: self.next_stan(), 22: "011", 25: "00", 26: "12",
            41: self.tid, 42: self.mid, 49: "156", 52: self.pin_block(pin, PAN),
            53: "2600000000000000", 60: f"01{self.batch}00060",
        }  # fmt: skip
        return self.exchange(body("0200", fields, self.mak), signed=True)

    def echo(self) -> Fields:
        fields: Fields = {41: self.tid, 42: self.mid, 60: f"00{self.batch}301"}
        return self.exchange(body("0820", fields), signed=False)

    def sign_off(self) -> Fields:
        fields: Fields = {11: self.next_stan(), 41: self.tid, 42: self.mid,
                          60: f"00{self.batch}002"}  # fmt: skip
        return self.exchange(body("0820", fields), signed=False)
