"""QR sales that go wrong."""

from __future__ import annotations

from switch.terminal.defects.defect import Defect

QR = (
    Defect(
        "never-reverses-a-qr-sale", "R1",
        "the answer is lost, the payer's account stays debited, and the till asks for cash",
        {"never_reverses": frozenset({"qr_sale"})},
    ),
    Defect(
        "shows-a-card-in-a-qr-sale", "3.1",
        "the card of the customer before is still in memory: one shows a code, another one pays",
        {"shows_card_in_qr_sale": True},
    ),
)  # fmt: skip
