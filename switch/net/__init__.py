"""The shell: sockets and clocks around the host. It decides nothing.

    asyncio -> connection.HostConnection.data_received -> Host.exchange -> deliver -> transport

``clock`` gives nanoseconds from an event loop, ``server`` listens.
"""
