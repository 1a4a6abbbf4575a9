"""A log-in with another password on each side."""

import struct
from random import Random

import pytest

from dojo.site.login_relay import LoginRelay, Passwords

# The exchange of RFC 7677, section 3; the server wants the password of the example.
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
SERVER_FIRST = (
    b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
)
FINAL = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p="
PROOF = b"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
SIGNATURE = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def message(letter: bytes, body: bytes) -> bytes:
    return letter + struct.pack(">I", 4 + len(body)) + body


def authentication(kind: int, body: bytes = b"") -> bytes:
    return message(b"R", struct.pack(">I", kind) + body)


SSL = struct.pack(">II", 8, 80877103)
STARTUP = message(b"", struct.pack(">I", 196608) + b"user\0shop\0database\0one\0\0")
CLIENT_FIRST = message(b"p", b"SCRAM-SHA-256\0" + struct.pack(">I", len(FIRST)) + FIRST)
CLIENT_FINAL = message(b"p", FINAL + b"AAAA")
QUERY = message(b"Q", b"SELECT 1\0")
TURNS = [  # who sends, and what comes out at the other side
    ("client", SSL, SSL),
    ("server", b"N", b"N"),
    ("client", STARTUP, STARTUP),
    ("server", authentication(10, b"SCRAM-SHA-256\0\0"), None),
    ("client", CLIENT_FIRST, CLIENT_FIRST),
    ("server", authentication(11, SERVER_FIRST), None),
    ("client", CLIENT_FINAL, message(b"p", FINAL + PROOF)),
]


def sent(relay: LoginRelay, who: str, data: bytes, sizes: Random | None = None) -> bytes:
    """What the relay passes on, of pieces of random sizes."""
    pass_on = relay.from_client if who == "client" else relay.from_server
    passed = b""
    while data:
        size = sizes.randint(1, 9) if sizes else len(data)
        passed += pass_on(data[:size])
        data = data[size:]
    return passed


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_the_server_gets_the_proof_that_it_wants(seed: int | None) -> None:
    """The example of RFC 7677, in whole messages or in pieces; everything else passes as it is."""
    relay, sizes = LoginRelay(Passwords("given", "pencil")), Random(seed) if seed else None
    for who, data, passed in TURNS:
        assert sent(relay, who, data, sizes) == (data if passed is None else passed)
    assert not relay.logged_in
    answer = sent(relay, "server", authentication(12, SIGNATURE) + authentication(0) + b"Z..")
    assert answer.endswith(authentication(0) + b"Z..")
    assert SIGNATURE not in answer
    assert relay.logged_in
    assert relay.database == "one"
    assert sent(relay, "client", QUERY[:3], sizes) == QUERY[:3]


def test_who_has_the_same_password_sees_the_servers_signature() -> None:
    """Then nothing is changed at all."""
    relay = LoginRelay(Passwords("pencil", "pencil"))
    for who, data, _ in TURNS:
        sent(relay, who, data)
    assert sent(relay, "server", authentication(12, SIGNATURE)) == authentication(12, SIGNATURE)


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">IIII", 16, 80877102, 1, 2),
        struct.pack(">I", 1 << 20) + b"x" * (1 << 17),
    ],
    ids=["cancel", "no log-in"],
)
def test_what_is_no_log_in_passes(data: bytes) -> None:
    """A cancellation has its own connection, and nobody waits for the end of nonsense."""
    relay = LoginRelay(Passwords("given", "wanted"))
    assert sent(relay, "client", data) == data
    assert sent(relay, "server", b"whatever") == b"whatever"
    assert not relay.logged_in


def test_encryption_passes_unseen() -> None:
    """Where the server takes it, there is nothing to be read."""
    relay = LoginRelay(Passwords("given", "wanted"))
    sent(relay, "client", SSL)
    assert sent(relay, "server", b"S") == b"S"
    assert sent(relay, "client", b"\x16\x03\x01") == b"\x16\x03\x01"


def test_passwords_are_not_shown() -> None:
    """A traceback may print them."""
    assert "secret" not in repr(Passwords("secret", "secret"))
