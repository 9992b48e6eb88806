"""Vectors of ``../shared`` as parameters: a test asks for ``mac_vector`` and gets each of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BESIDE = Path(__file__).parents[2].parent / "shared"
SHARED = Path(os.environ.get("SHARED", BESIDE))
Vector = dict[str, Any]

# parameter name -> whether a vector is one of them
CHOICES: dict[str, Callable[[Vector], bool]] = {
    "mac_vector": lambda vector: vector["dialect"].startswith("mac/"),
    "signed_message": lambda vector: bool(vector.get("mac")),
    "sign_on_response": lambda vector: vector.get("mti") == "0810" and "keys" in vector,
    "pin_vector": lambda vector: vector["dialect"] == "pinblock/iso0",
    "dukpt_vector": lambda vector: vector["dialect"] == "dukpt/tdes",
}


def _load() -> dict[str, Vector]:
    path = SHARED / "vectors" / "vectors.json"
    if not path.exists():
        return {}
    return {vector["id"]: vector for vector in json.loads(path.read_text(encoding="utf-8"))}


VECTORS = _load()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, belongs in CHOICES.items():
        if name not in metafunc.fixturenames:
            continue
        chosen = [pytest.param(each, id=each["id"]) for each in VECTORS.values() if belongs(each)]
        absent = pytest.param({}, marks=pytest.mark.skip(reason="../shared is absent"))
        metafunc.parametrize(name, chosen or [absent])


@pytest.fixture
def vector(request: pytest.FixtureRequest) -> Vector:
    """The vector named by ``@pytest.mark.parametrize("vector", ["V018"], indirect=True)``."""
    if not VECTORS:
        pytest.skip("../shared is absent")
    return VECTORS[request.param]
