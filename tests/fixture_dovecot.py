"""A private Dovecot 2.3 on 127.0.0.1, in a temporary folder: one certificate a session, one server a test."""

import atexit
import datetime as dt
import imaplib
import os
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from conftest import need
from private_server import NOBODY, free_port, server_folder
from pydantic import SecretStr

from settings import Mailbox

USER, PASSWORD = "inbox@example.test", "secret"
ODD_USERS = ("in box", "in(box)", "in{5}", "in%box*")
"""Names that LOGIN takes only in quotes: they open the same mailbox."""

CONFIGURATION = """
base_dir = {root}/run
state_dir = {root}/state
instance_name = t{port}
log_path = {root}/dovecot.log
info_log_path = {root}/dovecot.log
debug_log_path = {root}/dovecot.log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
protocols = imap
listen = 127.0.0.1
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap {{
  process_min_avail = 1
  service_count = 0
  client_limit = 1
  vsz_limit = 1024M
}}
service auth {{
  client_limit = 3000
}}
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
{oauth2}auth_failure_delay = 0
auth_username_chars =
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {root}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {root}/users
}}
mail_location = maildir:~/maildir
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    special_use = \\Junk
  }}
}}
"""


OAUTH2 = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/oauth2.conf
}}
"""


@dataclass(frozen=True)
class Certificate:
    """For localhost and 127.0.0.1, signed by itself, so that it is its own authority."""

    cert: Path
    key: Path


def make_certificate(folder: Path, name: str = "localhost", days: int = 30) -> Certificate:
    """A certificate for `name`; with negative `days` one that has expired already."""
    made = Certificate(folder / f"{name}{days}.pem", folder / f"{name}{days}.key")
    names = f"DNS:{name}" + (",IP:127.0.0.1,IP:::1" if name == "localhost" else "")
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    starts = min(ends, dt.datetime.now(dt.UTC)) - dt.timedelta(days=1)
    config = folder / f"{name}.cnf"
    config.write_text(
        "[ca]\ndefault_ca=d\n[d]\n"
        f"new_certs_dir={folder}\ndatabase={folder}/index.txt\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nx509_extensions=e\n"
        f"[p]\ncommonName=supplied\n[e]\nsubjectAltName={names}\nbasicConstraints=critical,CA:TRUE\n"
        f"[req]\ndistinguished_name=n\n[n]\n"
    )
    (folder / "index.txt").write_text("")
    request = folder / "request.pem"
    _openssl("req", "-config", config, "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
             "-keyout", made.key, "-out", request)  # fmt: skip
    _openssl("ca", "-config", config, "-batch", "-selfsign", "-keyfile", made.key, "-in", request, "-out", made.cert,
             "-notext", "-startdate", f"{starts:%y%m%d%H%M%SZ}", "-enddate", f"{ends:%y%m%d%H%M%SZ}")  # fmt: skip
    made.cert.chmod(0o644)
    made.key.chmod(0o644)
    return made


def _openssl(*arguments: object) -> None:
    subprocess.run([need("openssl"), *map(str, arguments)], check=True, capture_output=True)


@dataclass
class Dovecot:
    """A running server. `maildir` holds INBOX; other folders are `.NAME` inside it."""

    root: Path
    certificate: Certificate
    port: int = 0
    tls_port: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    introspection: str = ""
    """Where it asks whether an access token holds (RFC 7662); empty where it takes none."""

    @property
    def maildir(self) -> Path:
        return self.root / "home" / "maildir"

    def mailbox(self, name: str = "outcome", **changes: object) -> Mailbox:
        """The setting that polls this server over TLS."""
        values: dict[str, object] = {
            "name": name,
            "host": "localhost",
            "port": self.tls_port,
            "user": USER,
            "password": SecretStr(PASSWORD),
            "ca_file": self.certificate.cert,
            "timeout": 10.0,
        }
        return Mailbox.model_validate(values | changes)

    def plain_mailbox(self, name: str = "outcome", **changes: object) -> Mailbox:
        return self.mailbox(name, **({"port": self.port, "security": "plain", "ca_file": None} | changes))

    def client(self) -> imaplib.IMAP4:
        """Another client's own connection, logged in."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            client.login(USER, PASSWORD)
        except BaseException:
            client.shutdown()
            raise
        return client

    def append(self, *mails: bytes, folder: str = "INBOX", flags: str = "") -> None:
        with self.client() as client:
            client.create(folder)
            for mail in mails:
                answer, text = client.append(folder, flags, "", mail)
                assert answer == "OK", text

    def start(self) -> None:
        self.port, self.tls_port = self.port or free_port(), self.tls_port or free_port()
        (self.root / "dovecot.conf").write_text(self._configuration())
        process = subprocess.Popen(
            [need("dovecot"), "-F", "-c", str(self.root / "dovecot.conf")],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        self._wait(process)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError, imaplib.IMAP4.error):
                self.client().logout()
                return
            time.sleep(0.02)
        raise RuntimeError(f"Dovecot does not answer:\n{(self.root / 'dovecot.log').read_text()}")

    def stop(self) -> None:
        """Kills the whole group of processes at once: SIGTERM takes a second longer. A next start finds sockets in use
        while one of them is still there.
        """
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline and _lives(process.pid):
                time.sleep(0.01)
        self.processes.clear()

    def kill_sessions(self) -> int:
        """Kills what serves the clients, as when the server's machine loses them; says how many there were."""
        killed = 0
        for process in psutil.process_iter(["cmdline"]):
            command = process.info["cmdline"] or [""]
            if command[0].startswith(f"dovecot-t{self.port}/imap") and "login" not in command[0]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
                    killed += 1
        return killed

    def change_uidvalidity(self, folder: Path | None = None) -> None:
        """The folder is renumbered, as after a move to another server. The value is the clock in seconds."""
        time.sleep(1.1)
        for name in (folder or self.maildir).glob("dovecot*"):
            name.unlink()

    def _configuration(self) -> str:
        root = os.geteuid() == 0
        if self.introspection:
            (self.root / "oauth2.conf").write_text(
                f"introspection_mode = post\nintrospection_url = {self.introspection}\n"
                "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
            )
        own = psutil.Process().username()
        return CONFIGURATION.format(
            root=self.root,
            port=self.port,
            tls_port=self.tls_port,
            cert=self.certificate.cert,
            key=self.certificate.key,
            internal="dovecot" if root else own,
            group="dovecot" if root else os.getgid(),
            login="dovenull" if root else own,
            mechanisms=" xoauth2 oauthbearer" if self.introspection else "",
            oauth2=OAUTH2.format(root=self.root) if self.introspection else "",
        )


def _lives(group: int) -> bool:
    """Whether a process of the group still holds anything. The dead hold nothing, however long nobody collects them."""
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


def dovecot_in(root: Path, certificate: Certificate) -> Dovecot:
    """A server that runs; the caller stops it."""
    home = root / "home"
    home.mkdir(parents=True)
    uid, gid = (NOBODY, NOBODY) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(home, uid, gid)
    users = (USER, *ODD_USERS)
    (root / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}:{uid}:{gid}::{home}::\n" for user in users))
    server = Dovecot(root, certificate)
    atexit.register(server.stop)
    server.start()
    return server


def trusting(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate.cert))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def dovecot(certificate: Certificate) -> Iterator[Dovecot]:
    """A fresh server with an empty INBOX."""
    need("dovecot")
    with server_folder() as folder:
        server = dovecot_in(folder / "dovecot", certificate)
        yield server
        server.stop()
