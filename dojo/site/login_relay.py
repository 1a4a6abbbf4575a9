"""A log-in to Postgres, relayed with another password than the client has. Pure.

The app is given a password that only the proxy takes. The server wants another one, which is in no
file, no environment and no argument: so the app can't go around the proxy, and around the distance,
with what it was given. Bytes pass in both directions as they are, but for the two messages of
SCRAM-SHA-256 (RFC 5802, RFC 7677) that follow from the password; both sides see one exchange, with
the usual number of round trips.
"""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["LoginRelay", "Passwords"]

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
AUTHENTICATED, SASL_CONTINUE, SASL_FINAL = 0, 11, 12  # kinds of the server's message R
LONGEST = 1 << 16  # bytes of a message before the log-in is done


@dataclass(frozen=True, slots=True, repr=False)
class Passwords:
    """What the client logs in with, and what the server wants."""

    given: str
    wanted: str


@dataclass(slots=True)
class LoginRelay:
    """One connection, from its first byte. Both methods take what came and give what goes on."""

    passwords: Passwords
    database: str = ""  # that the client asked for
    logged_in: bool = False
    _open: bool = False  # nothing is looked at any more
    _answer_is_byte: bool = False  # the server's next answer, to a request for encryption
    _started: bool = False
    _client: bytearray = field(default_factory=bytearray)  # not yet a whole message
    _server: bytearray = field(default_factory=bytearray)
    _client_first: bytes = b""  # the parts of SCRAM's AuthMessage
    _server_first: bytes = b""
    _client_final: bytes = b""  # without its proof

    def from_client(self, data: bytes) -> bytes:
        """Bytes of the client; what is to be sent to the server."""
        self._client += data
        passed = bytearray()
        while not self._open and (message := _taken(self._client, typed=self._started)):
            passed += self._client_typed(message) if self._started else self._startup(message)
        return bytes(passed) + self._rest(self._client)

    def from_server(self, data: bytes) -> bytes:
        """Bytes of the server; what is to be sent to the client."""
        self._server += data
        passed = bytearray()
        if self._answer_is_byte and self._server:
            self._answer_is_byte = False
            self._open = self._server[:1] != b"N"  # encrypted from here on, or an error
            passed += self._server[:1]
            del self._server[:1]
        while not self._open and (message := _taken(self._server, typed=True)):
            passed += self._server_typed(message)
        return bytes(passed) + self._rest(self._server)

    def _rest(self, buffer: bytearray) -> bytes:
        """What passes unseen, once nothing is looked at; a message without end among it."""
        self._open = self._open or len(buffer) > LONGEST
        if not self._open:
            return b""
        rest = bytes(buffer)
        buffer.clear()
        return rest

    def _startup(self, message: bytes) -> bytes:
        (code,) = struct.unpack_from(">I", message, 4)
        if code in (SSL_REQUEST, GSS_REQUEST):
            self._answer_is_byte = True
        elif code == CANCEL_REQUEST:
            self._open = True
        else:
            self._started = True
            words = message[8:].split(b"\0")
            parameters = dict(zip(words[::2], words[1::2], strict=False))
            database = parameters.get(b"database") or parameters.get(b"user", b"")
            self.database = database.decode(errors="replace")
        return message

    def _client_typed(self, message: bytes) -> bytes:
        if message[:1] != b"p":
            return message
        if not self._client_first:
            mechanism, _, first = message[5:].partition(b"\0")
            if mechanism == b"SCRAM-SHA-256":
                self._client_first = first[4:].split(b",", 2)[-1]  # without the length and "n,,"
            return message
        self._client_final, _, _ = message[5:].rpartition(b",p=")
        client_key = _hmac(self._salted(self.passwords.wanted), b"Client Key")
        signature = _hmac(hashlib.sha256(client_key).digest(), self._auth_message())
        proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        return _message(b"p", self._client_final + b",p=" + base64.b64encode(proof))

    def _server_typed(self, message: bytes) -> bytes:
        if message[:1] != b"R" or len(message) < 9:
            return message
        (kind,) = struct.unpack_from(">I", message, 5)
        if kind == SASL_CONTINUE:
            self._server_first = message[9:]
        elif kind == SASL_FINAL and self._client_final:
            server_key = _hmac(self._salted(self.passwords.given), b"Server Key")
            signature = base64.b64encode(_hmac(server_key, self._auth_message()))
            return _message(b"R", struct.pack(">I", SASL_FINAL) + b"v=" + signature)
        elif kind == AUTHENTICATED:
            self.logged_in = self._open = True
        return message

    def _auth_message(self) -> bytes:
        return b",".join((self._client_first, self._server_first, self._client_final))

    def _salted(self, password: str) -> bytes:
        values = dict(part.split(b"=", 1) for part in self._server_first.split(b","))
        return _salted(password, values[b"s"], int(values[b"i"]))


def _taken(buffer: bytearray, *, typed: bool) -> bytes:
    """The first whole message, taken out of the buffer; empty if there is none yet."""
    before = 1 if typed else 0  # a message has a letter before its length, but for the first ones
    if len(buffer) < before + 4:
        return b""
    (length,) = struct.unpack_from(">I", buffer, before)
    end = before + max(length, 4)
    if len(buffer) < end or (not typed and end < 8):
        return b""
    message = bytes(buffer[:end])
    del buffer[:end]
    return message


def _message(letter: bytes, body: bytes) -> bytes:
    return letter + struct.pack(">I", 4 + len(body)) + body


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


@lru_cache(maxsize=8)
def _salted(password: str, salt: bytes, rounds: int) -> bytes:
    """SCRAM's SaltedPassword; the salt is the role's, so it is the same for each log-in."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), rounds)
