"""What provokes each wrong idea of a decline."""

from tests.terminal.bench import Bench, Say
from tests.terminal.provoked.scenes import Scene, two_sales


def refused(*codes: str, remark: str = "CUP") -> Scene:
    """A sale is approved, the next ones are refused; then a void, a balance, a last sale."""

    def drive(bench: Bench) -> None:
        refusals = [Say(code, set={63: remark}) for code in codes]
        bench.signed_on().on("sale", Say(), *refusals)
        for _ in range(1 + len(codes)):
            bench.sells(1)
        for stimulus in ("void", "balance", "next_transaction"):
            bench.ask(stimulus)
            bench.run(5)

    return drive


def refused_void(bench: Bench) -> None:
    bench.signed_on().sells()
    bench.on("void", Say("57"))
    for _ in range(2):
        bench.ask("void")
        bench.run(5)


PROVOKED: dict[str, Scene] = {
    "lowers-the-amount": refused("61"),
    "retries-over-the-count-limit": refused("65"),
    "adds-the-fee": refused("23"),
    "retries-in-progress": refused("09"),
    "repeats-a-malformed-sale": refused("30"),
    "signs-on-after-97": refused("97"),
    "locks-after-03": refused("03"),
    "locks-after-three-refusals": refused("03", "03", "03"),
    "rests-after-maintenance": refused("96"),
    "forgets-sales-after-03": refused("03"),
    "voided-although-refused": refused_void,
    "reverses-an-invalid-transaction": refused("12"),
    "reverses-a-format-error": refused("30"),
    "approves-every-a-code": refused("A3"),
    "believes-the-remark": refused("05", remark="CUPAPPROVED"),
    "takes-a-blank-payee-for-right": two_sales(Say(set={42: " " * 15})),
}
