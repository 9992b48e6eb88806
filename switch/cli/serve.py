"""``switch serve``: the standing host."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLE = """\
example:
  switch serve --listen 0.0.0.0:8583 --mac report

Point the device at this address, load the TMK of its terminal from the book
(switch list book), sign on, and read along: one line per message, and below it
what the terminal did wrong."""


TIMEOUT = "response timer of the terminals, such as 60s, for the findings about it"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "serve",
        help="play the acquirer to terminals until stopped",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--dialect",
        default="cup-pos",
        metavar="NAME",
        help="dialect name or file (default cup-pos)",
    )
    parser.add_argument(
        "--listen",
        default="127.0.0.1:8583",
        metavar="HOST:PORT",
        help="address; port 0 picks a free one and prints it",
    )
    parser.add_argument(
        "--book",
        type=Path,
        metavar="FILE",
        help="merchants, terminals, cards (default: the demo book)",
    )
    parser.add_argument(
        "--rules",
        type=Path,
        metavar="FILE",
        help="standing rules: what to answer, and how to spoil it",
    )
    parser.add_argument(
        "--mac",
        choices=("check", "report", "off"),
        default="check",
        help="a wrong MAC is refused, only reported, or not looked at",
    )
    parser.add_argument("--events", type=Path, metavar="FILE", help="write the event log there")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="serve TLS")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="key of --tls-cert")
    parser.add_argument(
        "--tls-client-ca",
        type=Path,
        metavar="FILE",
        help="terminals must show a certificate of this CA",
    )
    parser.add_argument("--timeout", metavar="DURATION", help=TIMEOUT)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    import asyncio

    from switch.app import ServeOptions
    from switch.cli.lint import limits_of
    from switch.errors import BadUsage
    from switch.net.server import Tls

    if bool(args.tls_cert) != bool(args.tls_key):
        raise BadUsage("--tls-cert and --tls-key belong together")
    if args.tls_client_ca and not args.tls_cert:
        raise BadUsage("--tls-client-ca needs --tls-cert and --tls-key")
    tls = Tls(args.tls_cert, args.tls_key, args.tls_client_ca) if args.tls_cert else None
    limits = limits_of(args.timeout)
    options = ServeOptions(
        args.dialect, args.listen, args.book, args.rules, args.mac, args.events, tls, limits
    )
    return asyncio.run(_serve(options))


async def _serve(options: object) -> int:
    import asyncio
    import signal
    import sys

    from switch.app import ServeOptions, serve
    from switch.net.clock import LoopClock

    assert isinstance(options, ServeOptions)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def ready(bound: str) -> None:
        secure = " (TLS)" if options.tls else ""
        print(
            f"switch: {options.dialect} host listening on {bound}{secure}; Ctrl-C ends it",
            flush=True,
        )

    server, close = await serve(options, LoopClock(loop), sys.stdout, ready)
    await stop.wait()
    await server.stop()
    close()
    print("switch: stopped", flush=True)
    return 0
