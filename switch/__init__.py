"""A payment switch you can hold in your hand.

It plays the acquirer host to POS terminals over ISO 8583, misbehaves on cue, and judges from
the wire whether the terminal handled it. The floors, lowest first; imports only go down:

    errors elements masking clock chance reading shapes composites    words
    message/ wire/ security/                                         bytes
    dialect/ records                                                 records
    acquirer/ faults/ judge/                                         rules
    scenario/                                                        the step machine
    host/ terminal/                                                  both ends of the wire
    net/ report/                                                     the outside world
    run/ testing/                                                    runners, test kit
    app                                                              wiring
    cli/                                                             entrances

Begin with ``switch/host/exchange.py``: one request, from its bytes to its answer.
"""

__version__ = "0.1.0"
