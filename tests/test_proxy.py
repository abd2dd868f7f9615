"""Behind nginx as deploy/nginx.conf has it: below a path, with TLS, and nobody from outside says who he is."""

import re
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from conftest import need
from fixture_dovecot import Certificate
from fixture_inbox import NOW, Inbox, inbox, message
from httpx import Client, ConnectError
from private_server import free_port, server_folder
from test_monitoring import asked

from api.passwords import hash_password
from settings import Settings
from store.accounts import add_account

__all__ = ["inbox"]
CONFIG = Path(__file__).parent.parent / "deploy" / "nginx.conf"
PASSWORD = "a long password for trials"
BROWSER = {"Accept": "text/html"}


@contextmanager
def nginx(certificate: Certificate, port: int, behind: str) -> Iterator[None]:
    """nginx with the file as it is, but for its names, ports and certificate."""
    program = need("nginx")
    said = CONFIG.read_text("utf-8").replace("http://127.0.0.1:8015", behind)
    said = said.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    said = said.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    said = said.replace("/etc/ssl/certs/example.org.pem", str(certificate.cert))
    said = said.replace("/etc/ssl/private/example.org.key", str(certificate.key))
    with server_folder() as folder:
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temporary}{said}\n}}\n"
        )
        subprocess.run([program, "-t", "-c", folder / "nginx.conf"], check=True)
        with subprocess.Popen([program, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL) as process:
            try:
                yield
            finally:
                process.terminate()
                process.wait(20)


def until_it_answers(client: Client, path: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(ConnectError):
            client.get(path)
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


@contextmanager
def behind_nginx(inbox: Inbox, certificate: Certificate, **proxy: str) -> Iterator[Client]:
    """A browser at https://localhost/comments, where the operator keeper has an account."""
    inbox.mail(message("NOR"))
    inbox.poll()
    with inbox.sessions.begin() as session:
        add_account(session, "keeper", "operator", NOW, password=hash_password(PASSWORD, "keeper"))
    port = free_port()
    base = f"https://localhost:{port}/comments"
    settings = Settings(public_url=base, proxy={"addresses": ["127.0.0.1"], **proxy})
    trust = ssl.create_default_context(cafile=str(certificate.cert))
    with (
        asked(inbox, settings) as direct,
        nginx(certificate, port, str(direct.base_url).rstrip("/")),
        Client(base_url=base, verify=trust, trust_env=False, follow_redirects=True, headers=BROWSER) as client,
    ):
        until_it_answers(client, "/healthz")
        yield client


def log_in(client: Client) -> str:
    """The first page after a login through the form."""
    form = client.get("/").text
    field = re.search(r'name="csrf" value="([^"]+)"', form)
    assert field is not None, form[:2000]
    return client.post("/login", data={"csrf": field[1], "name": "keeper", "password": PASSWORD}).text


@pytest.mark.outside
def test_every_link_leads_below_the_path(inbox: Inbox, certificate: Certificate) -> None:
    with behind_nginx(inbox, certificate) as client:
        assert "Norway" in log_in(client)
        for path in ("/", "/mails", "/mails/1", "/paragraphs", "/paragraphs/OP5", "/parties/NOR", "/review", "/docs"):
            page = client.get(path)
            assert page.status_code == 200, path
            links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
            assert links, path
            assert [link for link in links if not link.startswith("/comments/")] == []
            assert client.get(links[0].removeprefix("/comments")).status_code == 200
        assert client.get("/metrics").status_code == 403


@pytest.mark.outside
def test_nobody_outside_says_who_he_is(inbox: Inbox, certificate: Certificate) -> None:
    said = {"Remote-User": "keeper", "X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1", "Accept": "*/*"}
    with behind_nginx(inbox, certificate, user_header="Remote-User") as client:
        assert client.get("/api/v1/status", headers=said).status_code == 401
