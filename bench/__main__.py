"""``python -m bench [NAME ...]``."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable

from bench import codec, crypto
from bench.rounds import Row, show

BENCHES: dict[str, Callable[[], list[Row]]] = {"codec": codec.rows, "crypto": crypto.rows}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no benchmark {unknown[0]}; known: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for name in names or BENCHES:
        show(name, BENCHES[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
