"""HTTP as the service reads it: limits of what is sent before and behind a body."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from commands.http import LARGEST_HEAD, BoundedHttp

pytestmark = pytest.mark.outside
LARGEST_BODY = 300_000


async def length_of_body(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


@contextmanager
def connected() -> Iterator[socket.socket]:
    """A connection to a server that tells how long the body was."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        protocol = partial(BoundedHttp, LARGEST_BODY)
        config = uvicorn.Config(length_of_body, http=protocol, lifespan="off", ws="none", log_level="critical")  # type: ignore[arg-type]
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        with socket.create_connection(listening.getsockname(), timeout=30) as connection:
            yield connection
        server.should_exit = True
        thread.join(timeout=10)


def answer(connection: socket.socket, *sent: bytes) -> bytes:
    """What comes back, up to the end of the connection or of a short answer."""
    for some in sent:
        try:
            connection.sendall(some)
        except (BrokenPipeError, ConnectionResetError):
            break
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


def test_a_body_within_the_limit_is_read() -> None:
    with connected() as connection:
        for _ in range(2):
            said = answer(connection, POST + b"Content-Length: 200000\r\n\r\n", b"x" * 200_000)
            while not said.endswith(b"200000"):
                said += connection.recv(65536)
            assert said.startswith(b"HTTP/1.1 200 OK")


ENDLESS = {
    "header": POST + b"X-Endless: ",
    "headers": POST,
    "address": b"GET /",
    "trailer": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Trailer: ",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_refused(name: str) -> None:
    more = b"X-More: 1\r\n" * 1000 if name == "headers" else b"a" * 10_000
    with connected() as connection:
        pieces = [ENDLESS[name], *[more] * ((2 * LARGEST_BODY + 4 * LARGEST_HEAD) // len(more) + 10)]
        said = answer(connection, *pieces)
    assert said == b"" or said.startswith(b"HTTP/1.1 400")


NO_HTTP = [
    b"nonsense\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    POST + b"A b: c\r\n\r\n",
    POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
]


@pytest.mark.parametrize("sent", NO_HTTP)
def test_what_is_no_http_is_refused(sent: bytes) -> None:
    with connected() as connection:
        assert answer(connection, sent).startswith(b"HTTP/1.1 400")
