"""A server that gives tokens over TLS as Microsoft's and Google's do, and writes down what it is asked.

Its facts are from RFC 6749 (section 5), RFC 7523, RFC 8628 and what msal and google-auth expect.
"""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from fixture_dovecot import USER, Certificate

from settings import OAuth2

SECRET = "client-secret-7"


@dataclass
class TokenServer:
    """`answers` are given first, as (status, JSON) for each asking for a token; then it gives tokens."""

    certificate: Certificate
    folder: Path
    expires_in: int = 3600
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    waits: int = 1
    """How often a device is told that its person has not agreed yet."""
    refresh_expires_in: int | None = None
    scope: str = "mail"
    asked: list[dict[str, str]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Refresh tokens that hold."""

    def start(self) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate.cert, self.certificate.key)
        owner = self

        class TokenHandler(_Handler):
            server_of_tokens = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), TokenHandler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"https://localhost:{self._server.server_address[1]}"

    def oauth2(self, provider: str = "microsoft", flow: str = "client-credentials", **changes: object) -> OAuth2:
        """The settings of a mailbox that gets its tokens here."""
        values: dict[str, object] = {
            "provider": provider,
            "flow": flow,
            "authority": self.url,
            "token_file": self.folder / "token.json",
            "ca_file": self.certificate.cert,
        }
        if provider == "google" and flow == "client-credentials":
            values["service_account_file"] = self.service_account()
        else:
            values |= {"tenant": "tenant-1", "client_id": "app-1"}
        if flow == "client-credentials" and provider == "microsoft":
            values["client_secret"] = SECRET
        return OAuth2.model_validate(values | changes)

    def service_account(self) -> Path:
        file = self.folder / "account.json"
        key = {"type": "service_account", "client_email": "poller@project.example", "token_uri": f"{self.url}/token"}
        file.write_text(json.dumps(key | {"private_key": self.certificate.key.read_text()}))
        return file

    @property
    def grants(self) -> list[str]:
        """What tokens were asked for by."""
        return [asked["grant_type"].rpartition(":")[2] for asked in self.asked if "grant_type" in asked]

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path.endswith("openid-configuration"):
            base = f"{self.url}/tenant-1/oauth2/v2.0"
            ends = {"token_endpoint": "token", "authorization_endpoint": "authorize",
                    "device_authorization_endpoint": "devicecode"}  # fmt: skip
            return 200, {"issuer": f"{self.url}/tenant-1/v2.0"} | {name: f"{base}/{end}" for name, end in ends.items()}
        self.asked.append(form)
        self.scope = form.get("scope", self.scope)
        if path.endswith("devicecode"):
            said = {"device_code": "device-code-1", "user_code": "ABCD-EFGH", "expires_in": 60, "interval": 0}
            return 200, said | {"verification_uri": f"{self.url}/device", "message": "open /device and type ABCD-EFGH"}
        return self.answers.pop(0) if self.answers else self.token(form)

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        grant = form["grant_type"].rpartition(":")[2]
        if grant == "device_code" and self.waits:
            self.waits -= 1
            return 400, {"error": "authorization_pending"}
        if grant == "client_credentials" and form.get("client_secret", SECRET) != SECRET:
            return 401, {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret.\r\nTrace: 1",
            }
        if grant == "refresh_token" and form["refresh_token"] not in self.known:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS70043: The refresh token has expired."}
        made = f"access-{len(self.given) + 1}"
        self.given.append(made)
        answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": self.expires_in, "access_token": made}
        return 200, answer | (self.login() if grant in ("device_code", "authorization_code", "refresh_token") else {})

    def login(self) -> dict[str, Any]:
        """What comes with a token that a person agreed to."""
        refresh = f"refresh-{len(self.given)}"
        self.known = {refresh}
        claims = {"aud": "app-1", "iss": f"{self.url}/tenant-1/v2.0", "sub": "1", "oid": "1", "tid": "tenant-1",
                  "preferred_username": USER, "exp": 4102444800, "iat": 1}  # fmt: skip
        more: dict[str, Any] = {"refresh_token": refresh, "id_token": f"{_b64({'alg': 'none'})}.{_b64(claims)}.x",
                "client_info": _b64({"uid": "1", "utid": "tenant-1"}), "scope": self.scope}  # fmt: skip
        return more | ({"refresh_token_expires_in": self.refresh_expires_in} if self.refresh_expires_in else {})


def _b64(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class _Handler(BaseHTTPRequestHandler):
    server_of_tokens: TokenServer

    def do_GET(self) -> None:
        self._say(*self.server_of_tokens.answer(self.path.partition("?")[0], {}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._say(*self.server_of_tokens.answer(self.path, form))

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def token_server(certificate: Certificate, tmp_path: Path) -> Iterator[TokenServer]:
    server = TokenServer(certificate, tmp_path)
    server.start()
    yield server
    server.stop()
