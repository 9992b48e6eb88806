"""TLS on the listener, with and without certificates of the terminals."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from switch.app import ServeOptions, serve
from switch.errors import BadUsage
from switch.net.clock import LoopClock
from switch.net.server import Tls, address
from tests.net.protocol_client import ENVELOPE, MID, TID, body

Files = dict[str, Path]


def certificate(folder: Path, name: str) -> Files:
    """A self-signed test certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.datetime(2025, 1, 1)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return {"cert": cert, "key": secret}


async def echo(tls: Tls, context: ssl.SSLContext) -> bytes:
    """The first bytes of the answer to an echo over TLS."""
    options = ServeOptions("cup-pos", "127.0.0.1:0", None, None, "check", None, tls)
    import io

    bound: list[str] = []
    loop = asyncio.get_running_loop()
    server, close = await serve(options, LoopClock(loop), io.StringIO(), bound.append)
    try:
        name, port = address(bound[0])
        reader, writer = await asyncio.open_connection(
            name, port, ssl=context, server_hostname="localhost"
        )
        inner = ENVELOPE + body("0820", {41: TID, 42: MID, 60: "00000001301"})
        writer.write(len(inner).to_bytes(2, "big") + inner)
        answer = await asyncio.wait_for(reader.read(200), 5)
        writer.close()
        return answer
    finally:
        await server.stop()
        close()


async def test_an_echo_over_tls(tmp_path: Path) -> None:
    files = certificate(tmp_path, "host")
    context = ssl.create_default_context(cafile=str(files["cert"]))
    answer = await echo(Tls(files["cert"], files["key"]), context)
    assert answer[13:15].hex() == "0830"


async def test_a_terminal_shows_its_certificate(tmp_path: Path) -> None:
    host, terminal = certificate(tmp_path, "host"), certificate(tmp_path, "terminal")
    tls = Tls(host["cert"], host["key"], terminal["cert"])
    context = ssl.create_default_context(cafile=str(host["cert"]))
    context.load_cert_chain(terminal["cert"], terminal["key"])
    assert (await echo(tls, context))[13:15].hex() == "0830"


async def test_a_terminal_without_a_certificate_is_not_heard(tmp_path: Path) -> None:
    host, terminal = certificate(tmp_path, "host"), certificate(tmp_path, "terminal")
    tls = Tls(host["cert"], host["key"], terminal["cert"])
    context = ssl.create_default_context(cafile=str(host["cert"]))
    try:
        answer = await echo(tls, context)
    except (ssl.SSLError, ConnectionError):
        return
    assert answer == b""


def test_a_file_that_is_no_certificate_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nonsense")
    with pytest.raises(BadUsage, match="TLS"):
        Tls(tmp_path / "x.pem", tmp_path / "x.pem").context()
    with pytest.raises(BadUsage, match="No such file"):
        Tls(tmp_path / "absent.pem", tmp_path / "absent.key").context()
