"""What the host knows of its terminals: keys, sign-on, and verdicts on MAC and PIN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from switch import elements as de
from switch.acquirer import Book, Merchant, World
from switch.chance import Chance
from switch.dialect import Dialect
from switch.errors import KeyProblem, PinProblem, Refusal
from switch.host.details import details_in
from switch.message import Message
from switch.records import TerminalRecord
from switch.security.keys import WorkingKeys, odd_parity
from switch.security.layouts import pack_working_keys, unpack_working_keys
from switch.security.mac import mac, verify
from switch.security.pin import decrypt_pin
from switch.security.track import decrypt_track

TRACK_ENCRYPTED = "1"  # third digit of DE 53 (2.5)
LARGEST_BATCH = 999_999  # B10


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the host can know of a request, because it holds the keys.

    Attributes:
        mac: ``valid``, ``wrong``, ``absent``, ``not_required`` or ``no_key``.
        pin: ``valid``, ``wrong``, ``malformed``, ``absent`` or ``unchecked``.
        format: what is wrong with its elements, in sentences.
        details: what a batch upload lists, without the card numbers: STAN, minor units, group.
        arqc: ``valid``, ``wrong``, ``absent`` or ``unchecked``; the card's cryptogram.
    """

    mac: str
    pin: str
    format: tuple[str, ...] = ()
    details: tuple[Mapping[str, str | int], ...] = ()
    arqc: str = "absent"


class HostTerminal:
    """One terminal: its record, and its working keys while they are in use."""

    def __init__(self, record: TerminalRecord, dialect: Dialect) -> None:
        self.record = record
        self._dialect = dialect
        self._keys: WorkingKeys | None = None
        self._earlier: WorkingKeys | None = None

    @property
    def keys(self) -> WorkingKeys | None:
        """The working keys in force, unwrapped from the record when first needed."""
        record = self.record
        if self._keys is None and record.signed_on and record.working_keys:
            de62 = bytes.fromhex(record.working_keys)
            self._keys = unpack_working_keys(de62, record.tmk, record.layout)
        return self._keys if record.signed_on else None

    # ---- step 2: read ------------------------------------------------------------------

    def in_clear(self, request: Message) -> Message:
        """The same request with a track that travelled under the TDK deciphered (4.8)."""
        encrypted = request.get(de.SECURITY_CONTROL)[2:3] == TRACK_ENCRYPTED
        tdk = self.keys.tdk if self.keys else None
        if not encrypted or tdk is None or de.TRACK_2 not in request:
            return request
        strategy = str(self._dialect.options.get("track_encryption", "tail"))
        try:
            track = decrypt_track(tdk, request[de.TRACK_2], strategy)
        except KeyProblem:
            return request
        return request.with_fields({de.TRACK_2: track})

    # ---- step 4: verify ----------------------------------------------------------------

    def inspect(self, request: Message, body: bytes, pin_of: Callable[[str], str | None]) -> Facts:
        """MAC, PIN and format verdicts.

        Args:
            request: the message.
            body: its bytes from the MTI on: the MAC is computed over these.
            pin_of: PAN -> the PIN in the book; None for an unknown card.
        """
        return Facts(
            self._mac_verdict(request, body),
            self._pin_verdict(request, pin_of),
            tuple(self._dialect.presence(request)) + request.notes,
            tuple(
                {"stan": detail.stan, "amount": detail.amount, "card_class": detail.group}
                for detail in details_in(request)
            ),
        )

    def _mac_verdict(self, request: Message, body: bytes) -> str:
        dialect = self._dialect
        if not dialect.class_of(request).mac:
            return "not_required"
        if dialect.mac_element not in request:
            return "absent"
        if self.keys is None:
            return "no_key"
        # 4.4: from the MTI to the byte before DE 64, wherever that stands.
        place = request.spans.get(dialect.mac_element)
        if place is None:  # the message did not decode to its end
            return "wrong"
        start, value, end = place
        covered, received = body[:start], body[value:end]
        valid = verify(dialect.mac_algorithm, self.keys.mak, covered, received)
        return "valid" if valid else "wrong"

    def _pin_verdict(self, request: Message, pin_of: Callable[[str], str | None]) -> str:
        if de.PIN_BLOCK not in request:
            return "absent"
        keys = self.keys
        if keys is None or not request.pan:
            return "unchecked"
        with_pan = not request.get(de.SECURITY_CONTROL).startswith("1")  # 2.5
        block = bytes.fromhex(request[de.PIN_BLOCK])
        try:
            pin = decrypt_pin(keys.pik, block, request.pan if with_pan else None)
        except PinProblem:
            return "malformed"
        known = pin_of(request.pan)
        if known is None:
            return "unchecked"
        return "valid" if pin == known else "wrong"

    def verify(self, facts: Facts, policy: str) -> None:
        """Steps 4 and 5 of 7.1: signed on, MAC right.

        Args:
            facts: from :meth:`inspect`.
            policy: ``check``; ``report`` lets a wrong MAC pass; ``off`` lets everything pass.

        Raises:
            Refusal: not_signed_on, mac_error.
        """
        if facts.mac == "not_required" or policy == "off":
            return
        if self.keys is None:
            raise Refusal("not_signed_on", "the terminal has not signed on: no MAC key")
        if facts.mac == "wrong" and policy == "check":
            raise Refusal("mac_error", "DE 64 does not verify under the MAK of the last sign-on")

    # ---- step 8: seal ------------------------------------------------------------------

    def seal(self, body: bytes) -> bytes:
        """The same body with its MAC in the last bytes, under the key in force."""
        assert self.keys is not None, "no key: the response must not be sealed"
        return self._sealed(body, self.keys)

    def stale_seal(self) -> Callable[[bytes], bytes] | None:
        """Seals under the key before the last sign-on; None when there was none."""
        earlier = self._earlier
        return None if earlier is None else lambda body: self._sealed(body, earlier)

    def _sealed(self, body: bytes, keys: WorkingKeys) -> bytes:
        covered = body[: -self._dialect.mac_bytes]
        return covered + mac(self._dialect.mac_algorithm, keys.mak, covered)

    # ---- sign-on -----------------------------------------------------------------------

    def new_keys(self, layout: str, chance: Chance) -> str:
        """Draw working keys, put them in force, and return DE 62 (hex) for the response."""
        record = self.record
        short = layout == "single"
        mak_bytes = 8 if short else record.mak_bytes or self._dialect.mac_key_bytes
        purpose = f"keys of {record.tid}"
        keys = WorkingKeys(
            odd_parity(chance.bytes(purpose, 8 if short else 16)),
            odd_parity(chance.bytes(purpose, mak_bytes)),
            odd_parity(chance.bytes(purpose, 16)) if layout == "double+track" else None,
        )
        self._earlier = self.keys or self._earlier
        record.working_keys = pack_working_keys(keys, record.tmk, layout).hex().upper()
        record.layout = layout
        record.signed_on = True
        self._keys = keys
        return record.working_keys

    def sign_off(self) -> None:
        """Forget the working keys; the next sign-on brings new ones."""
        self._earlier = self.keys or self._earlier
        self._keys = None
        self.record.signed_on = False

    @property
    def batch(self) -> str:
        """The batch number, six digits."""
        return f"{self.record.batch:06d}"

    def next_batch(self) -> None:
        """The batch is settled: one more, 999999 is followed by 1 (B10)."""
        self.record.batch = self.record.batch % LARGEST_BATCH + 1


class Terminals:
    """All terminals of the acquirer, strangers included."""

    def __init__(self, book: Book, world: World, dialect: Dialect) -> None:
        self._book = book
        self._world = world
        self._dialect = dialect
        self._known: dict[str, HostTerminal] = {}

    def carried(self, world: World) -> Terminals:
        """The same terminals, keys and batches in this world, be it that of the next case."""
        fresh = Terminals(self._book, world, self._dialect)
        fresh._known = self._known
        return fresh

    def of(self, tid: str, mid: str) -> HostTerminal:
        """The terminal with this TID; a stranger is a record without keys."""
        found = self._known.get(tid)
        if found is None:
            record = self._record(tid, mid)
            found = HostTerminal(record, self._dialect)
            if not record.stranger:
                self._known[tid] = found
        if mid and not found.record.mid:
            # An accepted stranger is bound to no merchant: it brings its own along, and may
            # correct it, so that its first sale works.
            self._world.registry.add(Merchant(mid, "unknown merchant"))
        return found

    def _record(self, tid: str, mid: str) -> TerminalRecord:
        entry = self._book.terminals.get(tid)
        if entry is not None:
            tmk = bytes.fromhex(entry.tmk)
            return TerminalRecord(tid, entry.merchant, tmk, mak_bytes=entry.mak_bytes)
        if not self._book.accept_unknown:
            return TerminalRecord(tid, mid, stranger=True)
        return TerminalRecord(tid, "", bytes.fromhex(self._book.unknown_tmk))
