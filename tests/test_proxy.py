"""Behind nginx and Caddy as deploy/ has them: below a path, with TLS, and nobody from outside says who he is."""

import re
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
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
from store.audit import read_audit

__all__ = ["inbox"]
DEPLOY = Path(__file__).parent.parent / "deploy"
Front = Callable[[Certificate, int, str], AbstractContextManager[None]]
pytestmark = pytest.mark.outside
PASSWORD = "a long password for trials"
BROWSER = {"Accept": "text/html"}


@contextmanager
def nginx(certificate: Certificate, port: int, behind: str) -> Iterator[None]:
    """nginx with the file as it is, but for its names, ports and certificate."""
    program = need("nginx")
    said = (DEPLOY / "nginx.conf").read_text("utf-8").replace("http://127.0.0.1:8015", behind)
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
        with running([program, "-c", str(folder / "nginx.conf")]):
            yield


@contextmanager
def caddy(certificate: Certificate, port: int, behind: str) -> Iterator[None]:
    """Caddy with the file as it is, but for its name, ports and certificate."""
    program = need("caddy")
    said = (DEPLOY / "Caddyfile").read_text("utf-8").replace("127.0.0.1:8015", behind.removeprefix("http://"))
    own = f"https://localhost:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate.cert} {certificate.key}"
    said = said.replace("\nexample.org {", f"\n{own}")
    with server_folder() as folder:
        options = (
            f"admin off\nauto_https disable_redirects\nhttps_port {port}\nstorage file_system {folder}\n"
            "skip_install_trust\ngrace_period 1s"
        )
        (folder / "Caddyfile").write_text(f"{{\n{options}\n}}\n{said}")
        home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        with running([program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")], home):
            yield


@contextmanager
def running(command: list[str], environment: dict[str, str] | None = None) -> Iterator[None]:
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
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
    raise AssertionError("the proxy does not answer")


FRONTS: dict[str, Front] = {"nginx": nginx, "caddy": caddy}


@pytest.fixture(params=list(FRONTS))
def front(request: pytest.FixtureRequest) -> Front:
    return FRONTS[request.param]


@contextmanager
def behind(front: Front, inbox: Inbox, certificate: Certificate, **proxy: str) -> Iterator[Client]:
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
        front(certificate, port, str(direct.base_url).rstrip("/")),
        Client(
            base_url=base, verify=trust, trust_env=False, follow_redirects=True, headers=BROWSER, timeout=60
        ) as client,
    ):
        until_it_answers(client, "/healthz")
        yield client


def csrf_of(client: Client, path: str = "/account") -> str:
    """The token of the forms on that page."""
    form = client.get(path).text
    field = re.search(r'name="csrf" value="([^"]+)"', form)
    assert field is not None, form[:2000]
    return field[1]


def log_in(client: Client) -> str:
    """The first page after a login through the form."""
    fields = {"csrf": csrf_of(client, "/"), "name": "keeper", "password": PASSWORD}
    return client.post("/login", data=fields).text


def test_every_link_leads_below_the_path(front: Front, inbox: Inbox, certificate: Certificate) -> None:
    with behind(front, inbox, certificate) as client:
        assert "Norway" in log_in(client)
        for path in ("/", "/mails", "/mails/1", "/paragraphs", "/paragraphs/OP5", "/parties/NOR", "/review", "/docs"):
            page = client.get(path)
            assert page.status_code == 200, path
            links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
            assert links, path
            assert [link for link in links if not link.startswith("/comments/")] == []
            assert client.get(links[0].removeprefix("/comments")).status_code == 200
        assert client.get("/metrics").status_code == 403
        with client.stream("GET", "/api/v1/events?since=2020-01-01T00:00:00Z") as stream:  # which stays open
            assert "event: arrival" in next(stream.iter_text())


FORGED = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}


def test_nobody_outside_says_who_he_is_or_whence(front: Front, inbox: Inbox, certificate: Certificate) -> None:
    forged = {"Remote-User": "keeper", "X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6", "Accept": "*/*"}
    with behind(front, inbox, certificate, user_header="Remote-User") as client:
        assert client.get("/api/v1/status", headers=forged).status_code == 401
        client.headers.update(FORGED)
        assert "Norway" in log_in(client)
        assert {(one.secure, one.path) for one in client.cookies.jar} == {(True, "/comments")}
        evil = client.post("/logout", data={"csrf": csrf_of(client)}, headers={"Origin": "https://evil.example"})
        assert evil.status_code == 403
    with inbox.sessions() as session:
        assert {one.address for one in read_audit(session)} == {"127.0.0.1"}
