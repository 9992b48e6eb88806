"""Sign-on, keys and numbers."""

from __future__ import annotations

from switch.dialect.schema import PROCESSING_REQUIREMENTS
from switch.terminal.defects.defect import Defect
from switch.terminal.habits import SIGN_ON_AFTER

SIGN_ON = (
    Defect(
        "trades-without-sign-on", "S1",
        "every sale fails until somebody thinks of signing on by hand",
        {"signs_on_first": False},
    ),
    Defect(
        "no-sign-on-after-a0", "S5",
        "one change of keys at the host, and the terminal declines everything for the day",
        {"sign_on_after": SIGN_ON_AFTER - {"mac_error"}, "signs_on_after_bad_mac": False},
    ),
    Defect(
        "ignores-sign-on-request", "H1",
        "the host asks for a sign-on in the header, and the terminal trades on with old keys",
        {"obeys": frozenset(PROCESSING_REQUIREMENTS) - {"sign_on"}},
    ),
    Defect(
        "signs-on-in-a-loop", "S4",
        "a closed merchant's terminal floods the host with sign-ons",
        {"repeats_refused_sign_on": 10, "sign_on_after": SIGN_ON_AFTER | {"invalid_merchant"}},
    ),
    Defect(
        "accepts-wrong-kcv", "S3",
        "the terminal trades under garbled keys, and every PIN comes out wrong",
        {"checks_kcv": False},
    ),
    Defect(
        "signs-with-old-keys", "S7",
        "after the daily sign-on nothing is accepted any more",
        {"takes_new_keys": False},
    ),
    Defect(
        "lower-case-mac", "4.6",
        "no host but the developer's own accepts a single message",
        {"lower_case_mac": True},
    ),
    Defect(
        "keeps-its-own-batch", "S2",
        "terminal and host settle different batches, and the totals never agree",
        {"takes_batch": False},
    ),
    Defect(
        "reuses-a-stan", "N1",
        "after a failed sale the next one has its number, and the host takes it for a duplicate",
        {"stan_waits_for_approval": True},
    ),
    Defect(
        "no-sign-on-after-77", "D8",
        "the host wants a sign-on by code, and declines every sale until it gets one",
        {"sign_on_after": SIGN_ON_AFTER - {"sign_on_required"}},
    ),
    Defect(
        "no-sign-on-after-99", "D8",
        "the PIN key does not fit, and every PIN is refused until somebody signs on by hand",
        {"sign_on_after": SIGN_ON_AFTER - {"pin_error"}},
    ),
    Defect(
        "trades-after-sign-off", "S1",
        "after the evening's sign-off every sale of the morning is refused",
        {"sign_off_ends": False},
    ),
)  # fmt: skip
