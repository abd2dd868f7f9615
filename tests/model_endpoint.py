"""An endpoint with the chat-completions protocol on loopback, which answers as a test says, and counts."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import Any

from private_server import QuietHandler, answering

Reply = tuple[int, bytes] | tuple[int, bytes, float] | None
"""Status and body, and the seconds between two bytes; None ends the connection without a word."""


@dataclass
class Endpoint:
    """`reply` is called with each request; `asked` are these."""

    reply: Callable[[dict[str, Any]], Reply]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


def completion(content: str, *, model: str = "clerk-7b", end: str = "stop") -> Reply:
    """A good answer."""
    choice = {"index": 0, "finish_reason": end, "message": {"role": "assistant", "content": content}}
    usage = {"prompt_tokens": 100, "completion_tokens": 20}
    return 200, json.dumps({"model": model, "choices": [choice], "usage": usage}).encode()


@contextmanager
def endpoint(reply: Callable[[dict[str, Any]], Reply]) -> Iterator[Endpoint]:
    """An endpoint that runs until the block ends."""
    this = Endpoint(reply)

    class ModelHandler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name that the library calls
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            this.asked.append(asked)
            this.keys.append(self.headers.get("Authorization"))
            answer = this.reply(asked)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            write(self.wfile, answer[1], *answer[2:])

    with answering(ModelHandler) as address:
        this.url = f"{address}/v1"
        yield this


def write(stream: BufferedIOBase, data: bytes, pause: float = 0.0) -> None:
    """Writes to a client that may have gone."""
    with suppress(OSError):
        for piece in (data[n : n + 1] for n in range(len(data))) if pause else (data,):
            stream.write(piece)
            time.sleep(pause)
