"""What provokes each defect of pre-authorizations, completions and refunds."""

from tests.terminal.bench import SILENCE, Bench, Say
from tests.terminal.provoked.scenes import Scene

Act = str | tuple[str, int]  # a stimulus, or one with its amount


def acts(*each: Act, wait: float = 1, **on: Say) -> Scene:
    """The stimuli one after the other; answers by class."""

    def drive(bench: Bench) -> None:
        bench.signed_on()
        for kind, say in on.items():
            bench.on(kind, say)
        for act in each:
            do, amount = (act, None) if isinstance(act, str) else act
            bench.ask(do, amount=amount)
            bench.run(wait)
        bench.sells()

    return drive


PROVOKED: dict[str, Scene] = {
    "never-reverses-a-preauth": acts("preauth", wait=61, preauth=SILENCE),
    "never-reverses-an-increment": acts(
        "preauth", "preauth_increment", wait=61, preauth_increment=SILENCE
    ),
    "never-reverses-a-completion-void": acts(
        "preauth", "completion", "completion_void", wait=61, completion_void=SILENCE
    ),
    "never-reverses-a-completion": acts("preauth", "completion", wait=61, completion=SILENCE),
    "never-reverses-a-preauth-void": acts("preauth", "preauth_void", wait=61, preauth_void=SILENCE),
    "reverses-the-original": acts("preauth", "completion", wait=61, completion=SILENCE),
    "forgets-the-original-in-reversal": acts("sale", "void", wait=61, void=SILENCE),
    "completes-without-approval-code": acts("preauth", "completion"),
    "completes-by-todays-date": acts("preauth", "completion"),
    "completes-the-whole-deposit": acts("preauth", ("completion", 7)),
    "completes-twice": acts("preauth", "completion", "completion"),
    "drops-a-deposit-that-was-declined": acts(
        "preauth", "completion", "completion", completion=Say("51")
    ),
    "forgets-the-deposit-of-a-voided-completion": acts(
        "preauth", "completion", "completion_void", "preauth_void"
    ),
    "increments-as-a-new-preauth": acts("preauth", "preauth_increment"),
    "reverses-an-unknown-refund": acts("sale", "refund", wait=61, refund=SILENCE),
    "refunds-again-by-itself": acts("sale", "refund", wait=61, refund=SILENCE),
    "forgets-a-refund-in-doubt": acts("sale", "refund", "refund", wait=61, refund=SILENCE),
    "counts-a-refused-refund": acts("sale", "refund", "refund", refund=Say("57")),
    "refunds-more-than-was-paid": acts(("sale", 100), ("refund", 101)),
}
