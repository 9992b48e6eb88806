"""A host under any order of authorizations, increments, completions, voids, refunds and reversals.

The model knows only what stands: the card owes the completions that stand less what was refunded
of them, and the open authorizations hold what they and their increments asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.host.conversation import BOOK, Conversation, signed_on

START = BOOK.cards["default"].balance
PARTS = st.integers(1, 130)  # percent of the original
CLOSED = {"reversed": "25", "voided": "12", "completed": "12", "declined": "12"}


@dataclass
class Booked:
    """What the model remembers of one transaction; ``more`` are increments, or refunds."""

    kind: str
    stan: str
    amount: int
    status: str
    of: Booked | None = None
    ended_by: Booked | None = None
    reversal_came: bool = False
    more: list[Booked] = field(default_factory=list)

    @property
    def extra(self) -> int:
        return sum(one.amount for one in self.more if one.status == "approved")


class AuthorizationMachine(RuleBasedStateMachine):
    """Every step is one or two lines of a transcript; the model says what the host must answer."""

    authorizations = Bundle("authorizations")
    completions = Bundle("completions")
    others = Bundle("others")

    def __init__(self) -> None:
        super().__init__()
        self.talk: Conversation = signed_on()
        self.known: list[Booked] = []
        self.stan = 1

    def send(self, kind: str, amount: int, code: str, of: Booked | None = None) -> Booked:
        """One request, the code that must answer it, and what the model then remembers."""
        self.stan += 1
        stan = f"{self.stan:06d}"
        original = f" original={of.stan}" if of else ""
        self.talk.play(
            f">> {kind} stan={stan} amount={amount}{original}\n<< {code} stan={stan} mac=valid"
        )
        booked = Booked(kind, stan, amount, "approved" if code == "00" else "declined", of)
        self.known.append(booked)
        return booked

    # ---- what a terminal does ----------------------------------------------------------

    @initialize(target=authorizations)
    def first(self) -> Booked:
        return self.send("preauth", 10_000, "00")

    @rule(target=authorizations, amount=st.integers(1, 50_000))
    def preauth(self, amount: int) -> Booked:
        return self.send("preauth", amount, "00")

    @rule(target=others, older=authorizations, amount=st.integers(1, 9_999))
    def increment(self, older: Booked, amount: int) -> Booked:
        more = self.send("preauth_increment", amount, CLOSED.get(older.status, "00"), older)
        older.more.append(more)
        return more

    @rule(target=completions, older=authorizations, part=PARTS)
    def complete(self, older: Booked, part: int) -> Booked:
        total = older.amount + older.extra
        amount = max(1, total * part // 100)
        code = CLOSED.get(older.status) or ("64" if amount * 100 > total * 115 else "00")
        completion = self.send("completion", amount, code, older)
        self.ends(completion, "completed")
        return completion

    @rule(target=others, older=authorizations)
    def void_authorization(self, older: Booked) -> Booked:
        void = self.send(
            "preauth_void", older.amount + older.extra, CLOSED.get(older.status, "00"), older
        )
        self.ends(void, "voided")
        return void

    @rule(target=others, older=completions)
    def void_completion(self, older: Booked) -> Booked:
        code = CLOSED.get(older.status) or ("12" if older.extra else "00")
        void = self.send("completion_void", older.amount, code, older)
        self.ends(void, "voided")
        return void

    @rule(target=others, older=completions, part=PARTS)
    def refund(self, older: Booked, part: int) -> Booked:
        amount = max(1, older.amount * part // 100)
        left = older.amount - older.extra
        code = CLOSED.get(older.status) or ("64" if amount > left else "00")
        refund = self.send("refund", amount, code, older)
        older.more.append(refund)
        return refund

    @rule(older=st.one_of(authorizations, completions, others))
    def reverse(self, older: Booked) -> None:
        self.talk.play(f">> reversal original={older.stan}\n<< 00 stan={older.stan} mac=valid")
        if older.status in {"voided", "completed"}:
            older.reversal_came = True
        if older.status != "approved":
            return
        older.status = "reversed"
        self.restores(older)

    @rule(older=st.one_of(authorizations, completions, others))
    def repeat(self, older: Booked) -> None:
        """Booked once, whatever is answered."""
        self.talk.sends([older.kind, f"again={older.stan}"])
        self.talk.waiting.clear()

    # ---- what follows from it ----------------------------------------------------------

    def ends(self, booked: Booked, status: str) -> None:
        """An approved void or completion ends what it refers to, if that stands."""
        older = booked.of
        if booked.status != "approved" or older is None or older.status != "approved":
            return
        older.status, older.ended_by = status, booked
        self.restores(older)

    def restores(self, booked: Booked) -> None:
        """It is undone: what it had ended stands again, unless its own reversal came meanwhile."""
        older = booked.of
        if older is None or older.ended_by is not booked:
            return
        older.ended_by = None
        older.status = "reversed" if older.reversal_came else "approved"
        if older.kind == "completion":
            self.ends(older, "completed")

    @invariant()
    def the_card_owes_what_stands(self) -> None:
        card = self.talk.host.world.cards[BOOK.cards["default"].pan]
        owed = [one.amount - one.extra for one in self.known
                if one.kind == "completion" and one.status == "approved"]  # fmt: skip
        assert card.balance == START - sum(owed)

    @invariant()
    def open_authorizations_hold_their_money(self) -> None:
        held = [one.amount + one.extra for one in self.known
                if one.kind == "preauth" and one.status == "approved"]  # fmt: skip
        assert self.talk.host.world.held.get(BOOK.cards["default"].pan, 0) == sum(held)

    @invariant()
    def every_status_is_what_the_model_says(self) -> None:
        booked = {e.key[3]: e.status for e in self.talk.host.world.ledger.entries}
        assert booked == {one.stan: one.status for one in self.known}

    @invariant()
    def the_log_tells_the_same_story(self) -> None:
        last = {e["stan"]: e["status"] for e in self.talk.events("ledger_changed")}
        assert last == {one.stan: one.status for one in self.known}


AuthorizationMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, derandomize=True, database=None
)
TestAuthorizations = AuthorizationMachine.TestCase
