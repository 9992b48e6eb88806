"""What provokes each unchecked reply."""

from switch import elements as de
from switch.wire import Frame
from tests.terminal.bench import DIALECT, Bench, Say
from tests.terminal.provoked.scenes import Scene, changed, two_sales


def partial_approval(bench: Bench) -> None:
    bench.signed_on().on("sale", Say("10", set={de.AMOUNT: "000000000040"})).sells()
    bench.ask("void")
    bench.run()


def unasked(bench: Bench) -> None:
    bench.signed_on().sells()
    frame = Frame(DIALECT.tpdu_default, DIALECT.header_default, b"")
    bench.host_sends(bench._response(bench.requests[-1], frame, Say(set={de.STAN: "000777"})))
    bench.ask("void")
    bench.run()


PROVOKED: dict[str, Scene] = {
    "ignores-wrong-transaction": changed(de.PROCESSING_CODE, "200000"),
    "ignores-wrong-amount": changed(de.AMOUNT, "000000000101"),
    "ignores-wrong-stan": changed(de.STAN, "000777"),
    "ignores-wrong-terminal": changed(de.TERMINAL_ID, "12345679"),
    "ignores-wrong-merchant": changed(de.MERCHANT_ID, "898310012345679"),
    "ignores-wrong-mti": two_sales(Say(mti="0230")),
    "takes-an-unasked-approval": unasked,
    "approves-without-a-code": two_sales(Say(omit=(de.RESPONSE_CODE,))),
    "ignores-the-mac": two_sales(Say(mac="wrong")),
    "ignores-reply-without-mac": two_sales(Say(mac="absent")),
    "keeps-full-amount-of-partial-approval": partial_approval,
}
