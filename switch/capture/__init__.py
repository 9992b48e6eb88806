"""Recorded traffic: event logs of our hosts, network captures and hex logs of any host.

============ ===========================================================================
``source``   a file, whatever it holds -> the event logs in it
``stream``   what a capture is made of: opened, bytes, closed, at a time, one side
``pcap``     pcap and pcapng -> stream
``tcp``      segments -> bytes in order
``hexlog``   a text with messages in hex -> stream
``events``   stream -> events, with MAC verdicts where the keys are known
``lint``     events -> findings
``turns``    events -> the messages of one terminal, and what the host did about each
``response`` what was odd about a recorded response
``draft``    the messages -> a scenario
============ ===========================================================================
"""
