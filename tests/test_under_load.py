"""Many clients at once: everyone gets an answer, and small answers do not wait for the client's acknowledgement."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from fixture_chromium import served
from fixture_inbox import DRAFT, NOW, Inbox, change, either_inbox, message, remark
from httpx import Client

from api.app import create_app
from commands.service import _listen
from settings import Settings
from store.session import WAITS_FOR_REQUESTS, open_store, sessions

__all__ = ["either_inbox"]
pytestmark = pytest.mark.outside
AT_ONCE = 48


def test_48_clients_who_ask_for_different_things_after_a_change_are_all_answered(either_inbox: Inbox) -> None:
    for code in ("NOR", "CHE", "FJI", "MWI"):
        either_inbox.mail(message(code), change("OP5", "effectiveness", code), remark("OP1", f"Good for {code}."))
    paths = ["/", "/mails", "/api/v1/status", "/api/v1/parties/NOR", "/metrics", "/readyz"]
    paths += [f"/api/v1/edits?limit={n}" for n in range(1, 15)]
    paths += [f"/paragraphs/{paragraph.label}" for paragraph in DRAFT.paragraphs]
    engine = open_store(either_inbox.engine.url.render_as_string(hide_password=False), WAITS_FOR_REQUESTS)
    app = create_app(sessions(engine), Settings(mailboxes=()), lambda: NOW)
    with (
        served(app) as address,
        Client(base_url=address, trust_env=False, timeout=120) as client,
        ThreadPoolExecutor(AT_ONCE) as clients,
    ):
        answers = list(clients.map(client.get, (paths * AT_ONCE)[: 4 * AT_ONCE]))
    engine.dispose()
    assert {answer.status_code for answer in answers} == {200}


def test_what_is_sent_goes_at_once() -> None:
    """Without TCP_NODELAY the end of each small answer waits 40 ms for the client's delayed ACK (RFC 1122, 4.2.3.2)."""
    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop in the thread of the tests
        assert thread.submit(asyncio.run, _no_delay(_listen(Settings(mailboxes=(), port=0)))).result()


async def _no_delay(listening: socket.socket) -> int:
    """The option of a connection that the socket accepts."""
    found = asyncio.get_running_loop().create_future()

    async def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(accepted, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        option = int(await found)
        writer.close()
        await writer.wait_closed()
        return option
