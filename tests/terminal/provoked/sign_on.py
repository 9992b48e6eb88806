"""What provokes each defect of sign-on, keys and numbers."""

from switch import elements as de
from switch.security import WorkingKeys
from tests.terminal.bench import PIK, Bench, Say
from tests.terminal.provoked.scenes import A0, Scene, two_sales
from tests.terminal.test_sign_on import GOOD

OTHER_MAK = bytes.fromhex("F82A9BA462D57A7C")


def never_signed_on(bench: Bench) -> None:
    bench.on("sale", A0).sells()


def refused_sign_on(bench: Bench) -> None:
    bench.on("sign_on", *[Say("03")] * 99).sells(90)


def wrong_kcv(bench: Bench) -> None:
    bench.on("sign_on", Say(set={de.KEYS: GOOD[:-2] + "00"})).sells()


def new_keys(bench: Bench) -> None:
    bench.signed_on()
    bench.next_keys = [WorkingKeys(PIK, OTHER_MAK)]
    bench.on("sale", A0).sells().sells()


def other_batch(bench: Bench) -> None:
    bench.batch = "000009"
    bench.sells()


def signed_off(bench: Bench) -> None:
    bench.signed_on().ask("sign_off")
    bench.run()
    bench.sells()


PROVOKED: dict[str, Scene] = {
    "trades-without-sign-on": never_signed_on,
    "no-sign-on-after-a0": two_sales(A0),
    "ignores-sign-on-request": two_sales(Say(requirement="3")),
    "signs-on-in-a-loop": refused_sign_on,
    "accepts-wrong-kcv": wrong_kcv,
    "signs-with-old-keys": new_keys,
    "lower-case-mac": two_sales(),
    "keeps-its-own-batch": other_batch,
    "no-sign-on-after-77": two_sales(Say("77")),
    "no-sign-on-after-99": two_sales(Say("99")),
    "trades-after-sign-off": signed_off,
    "reuses-a-stan": two_sales(Say("51")),
}
