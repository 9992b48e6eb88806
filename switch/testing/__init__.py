"""Test kit for whoever tests a codec, a host or a terminal against a dialect.

``strategies`` makes messages for hypothesis (the extra ``testing`` installs it).
"""

from switch.testing.strategies import Mutation, bodies, cuts, fields, frames, messages, mutated

__all__ = ["Mutation", "bodies", "cuts", "fields", "frames", "messages", "mutated"]
