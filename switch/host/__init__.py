"""The acquirer host. One request runs through one function, ``exchange.Host.exchange``:

    frame -> decode -> terminal -> plan -> verify -> flow -> response -> parts -> seal -> wire

``terminals`` knows keys and MAC verdicts, ``flows`` decide and book, ``desk`` is what a flow
may use, ``delivery`` turns a response into what happens on the transport, ``portrait`` makes
messages into events without secrets.
"""

from switch.host.exchange import Host

__all__ = ["Host"]
