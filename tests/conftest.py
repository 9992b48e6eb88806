"""What tests of every floor share: the dialect, the shared vectors, hypothesis profiles."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from switch.dialect import Dialect, load

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SHARED", CHECKOUT.parent / "shared"))
SHARED_VECTORS = SHARED / "vectors" / "vectors.json"
Vector = dict[str, Any]

QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much)  # machines differ; messages are big
settings.register_profile("here", deadline=None, print_blob=True, suppress_health_check=QUIET)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def dialect() -> Dialect:
    """The first dialect."""
    return load("cup-pos")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout that holds protocol reference and vectors."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent")
    return SHARED


@pytest.fixture(scope="session")
def vectors(shared: Path) -> dict[str, Vector]:
    """The shared vectors by id."""
    read = json.loads((shared / "vectors" / "vectors.json").read_text(encoding="utf-8"))
    return {vector["id"]: vector for vector in read}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``cup_vector`` gets each shared message that can be decoded."""
    if "cup_vector" not in metafunc.fixturenames:
        return
    if not SHARED_VECTORS.exists():
        absent = pytest.param(None, marks=pytest.mark.skip("../shared is absent"))
        metafunc.parametrize("cup_vector", [absent])
        return
    read = json.loads(SHARED_VECTORS.read_text(encoding="utf-8"))
    ours = [vector for vector in read if vector["dialect"] == "cup-pos"]
    sound = [vector for vector in ours if "malformed" not in vector["origin"]]
    metafunc.parametrize("cup_vector", sound, ids=[vector["id"] for vector in sound])
