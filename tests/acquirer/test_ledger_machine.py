"""A host under any order of sign-ons, sales, voids, reversals and repeats, beside a simple model.

The invariants of protocol 7.6 that need no settlement: the cardholder pays for exactly what is
approved and neither voided nor reversed, nothing is booked twice, every payee is right.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from switch.judge.invariants import INVARIANTS, Judged
from tests.host.conversation import BOOK, MID, TID, Conversation, signed_on

AMOUNTS = st.sampled_from([1, 99, 12_000, 99_999_999_999])
CARDS = {"default": "00", "no-pin": "00", "lost": "41"}
START = {name: BOOK.cards[name].balance for name in CARDS}


@dataclass
class Sale:
    """What the model remembers of a sale or void."""

    stan: str
    card: str
    amount: int
    code: str
    status: str
    void_of: Sale | None = None
    reversal_came: bool = False


class LedgerMachine(RuleBasedStateMachine):
    """Every step is one or two lines of a transcript; the model says what the host must answer."""

    sales = Bundle("sales")
    voids = Bundle("voids")
    overtaken = Bundle("overtaken")

    def __init__(self) -> None:
        super().__init__()
        self.talk: Conversation = signed_on()
        self.known: dict[str, Sale] = {}
        self.stan = 1
        self.suspended = False

    def next_stan(self) -> str:
        self.stan += 1
        return f"{self.stan:06d}"

    def balance(self, card: str) -> int:
        """Start, minus what is approved and stands: sales of this card."""
        standing = [s.amount for s in self.known.values()
                    if s.card == card and s.void_of is None and s.status == "approved"]  # fmt: skip
        return START[card] - sum(standing)

    def decide(self, card: str, amount: int) -> str:
        """Merchant, card, funds: in the order of 7.1."""
        if self.suspended:
            return "03"
        if CARDS[card] != "00":
            return CARDS[card]
        return "00" if amount <= self.balance(card) else "51"

    # ---- what a terminal does ----------------------------------------------------------

    @initialize(target=sales)
    def first_sale(self) -> Sale:
        return self._sale("default", 99)

    @rule(target=sales, card=st.sampled_from(list(CARDS)), amount=AMOUNTS)
    def sale(self, card: str, amount: int) -> Sale:
        return self._sale(card, amount)

    def _sale(self, card: str, amount: int) -> Sale:
        stan, code = self.next_stan(), self.decide(card, amount)
        approval = "present" if code == "00" else "absent"
        self.talk.play(
            f">> sale stan={stan} amount={amount} card={card}\n"
            f"<< {code} stan={stan} mac=valid approval={approval}"
        )
        status = "approved" if code == "00" else "declined"
        self.known[stan] = Sale(stan, card, amount, code, status)
        return self.known[stan]

    @rule(target=voids, sale=sales)
    def void(self, sale: Sale) -> Sale:
        stan = self.next_stan()
        code = {"reversed": "25", "voided": "12", "declined": "12"}.get(sale.status, "00")
        if self.suspended:
            code = "03"
        self.talk.play(
            f">> void stan={stan} original={sale.stan} card={sale.card}\n"
            f"<< {code} mac=valid stan={stan}"
        )
        void = Sale(stan, sale.card, sale.amount, code, "declined", sale)
        if code == "00":
            void.status, sale.status = "approved", "voided"
        self.known[stan] = void
        return void

    @rule(sale=st.one_of(sales, voids))
    def reverse(self, sale: Sale) -> None:
        """Always accepted; it does something once, and only to what stands."""
        self.talk.play(
            f">> reversal original={sale.stan}\n<< 00 stan={sale.stan} mac=valid rrn=of:{sale.stan}"
        )
        sale.reversal_came = True
        if sale.status == "approved":
            sale.status = "reversed"
            if sale.void_of is not None:
                undone = sale.void_of.reversal_came
                sale.void_of.status = "reversed" if undone else "approved"

    @rule(sale=st.one_of(sales, voids))
    def reverse_another_amount(self, sale: Sale) -> None:
        self.talk.play(
            f">> reversal original={sale.stan} amount={sale.amount + 1}\n<< 25 stan={sale.stan}"
        )

    @rule(target=overtaken, amount=AMOUNTS)
    def reversal_overtakes_its_sale(self, amount: int) -> str:
        """The sale is still on its way: the host has not seen it."""
        stan = self.next_stan()
        self.talk.play(
            f">> sale stan={stan} amount={amount} tpdu=9900000000\n<< nothing\n"
            f">> reversal original={stan}\n<< 25 stan={stan}"
        )
        return stan

    @rule(stan=consumes(overtaken))
    def overtaken_sale_arrives(self, stan: str) -> None:
        self._reseal(stan)
        self.talk.play(
            f">> sale again={stan}\n<< 12 stan={stan} approval=absent\n.. ledger {stan} nothing"
        )

    @rule(sale=st.one_of(sales, voids))
    def repeat(self, sale: Sale) -> None:
        """The stored answer; after its own reversal, invalid transaction."""
        code = "12" if sale.reversal_came else sale.code
        signed = (
            f">> {{}} again={sale.stan}\n<< {code} stan={sale.stan} mac=valid rrn=of:{sale.stan}"
        )
        self._reseal(sale.stan)
        self.talk.play(signed.format("sale"))

    @rule(sale=st.one_of(sales, voids))
    def reuse_the_stan(self, sale: Sale) -> None:
        side = self.talk.side(TID)
        first = side.answers[sale.stan]
        other = side.sent[sale.stan].with_fields({4: "000000000007"})
        self.talk.sends_body(self.talk.sealed(other, {}, side))
        self.talk.play(f"<< 94 stan={sale.stan} mac=valid rrn=not:{sale.stan}")
        side.answers[sale.stan] = first

    @rule(sale=sales)
    def forge(self, sale: Sale) -> None:
        stan = self.next_stan()
        self.talk.play(
            f">> void stan={stan} original={sale.stan} mac=wrong\n<< A0 mac=absent requires=3"
        )

    @rule()
    def sign_on(self) -> None:
        stan = self.next_stan()
        self.talk.play(f">> sign_on stan={stan}\n<< 00 keys=present mac=absent control=00000001003")

    @rule()
    def ask_the_balance(self) -> None:
        stan = self.next_stan()
        if self.suspended:
            self.talk.play(f">> balance stan={stan}\n<< 03 balance=absent")
            return
        told = f"1002156C{self.balance('default'):012d}"
        self.talk.play(f">> balance stan={stan}\n<< 00 balance={told}")

    @rule(target=sales)
    def toggle_the_merchant(self) -> object:
        self.suspended = not self.suspended
        self.talk.play(f".. merchant {MID} {'suspended' if self.suspended else 'active'}")
        return multiple()

    def _reseal(self, stan: str) -> None:
        """A repeat carries its MAC under the keys of now."""
        side = self.talk.side(TID)
        side.bodies[stan] = self.talk.sealed(side.sent[stan], {}, side)

    # ---- 7.6 ---------------------------------------------------------------------------

    @invariant()
    def the_cardholder_pays_for_what_stands(self) -> None:
        for card in CARDS:
            assert self.talk.host.world.cards[BOOK.cards[card].pan].balance == self.balance(card)

    @invariant()
    def every_status_is_what_the_model_says(self) -> None:
        assert {e.key[3]: e.status for e in self.talk.host.world.ledger.entries} == {
            sale.stan: sale.status for sale in self.known.values()
        }

    @invariant()
    def nothing_is_booked_twice(self) -> None:
        keys = [entry.key for entry in self.talk.host.world.ledger.entries]
        assert len(keys) == len(set(keys))

    @invariant()
    def the_log_tells_the_same_story(self) -> None:
        last = {e["stan"]: e["status"] for e in self.talk.events("ledger_changed")}
        assert last == {sale.stan: sale.status for sale in self.known.values()}

    def teardown(self) -> None:
        for name in ("right_payee", "no_secret_in_log"):
            assert INVARIANTS[name].weigh(self.talk.log.events, Judged(TID, MID)).breaches == ()


LedgerMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, derandomize=True, database=None
)
TestLedger = LedgerMachine.TestCase
