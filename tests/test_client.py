"""A client generated from /openapi.json reads every operation, every example and every documented error."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from accounts import add
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, change, document, inbox, message, outcomes, remark
from httpx import Timeout
from made_once import made_once

from api.app import create_app
from api.context import Content
from parsing.model import FocalPoint, Unplaced
from settings import Settings
from store.session import open_store, sessions
from store.writes import keep_directory

__all__ = ["inbox"]
pytestmark = pytest.mark.outside
SETTINGS = Settings(mailboxes=())
PACKAGE = "generated_client"
NOBODY_LISTENS = "postgresql+psycopg://nobody@127.0.0.1:9/none"
Arguments = dict[str, Any]


@dataclass(frozen=True)
class Generated:
    """The client's code, with the description that it was made from."""

    description: dict[str, Any]
    package: str

    def operations(self) -> Iterator[dict[str, Any]]:
        for operations in self.description["paths"].values():
            yield from operations.values()

    def call(self, address: str, operation: str, arguments: Arguments) -> Any:
        """The client's answer, with its status and the value that it made of it."""
        tag = next(one["tags"][0] for one in self.operations() if one["operationId"] == operation)
        function = import_module(f"{self.package}.api.{tag}.{operation}").sync_detailed
        made = import_module(f"{self.package}.client").Client
        with made(address, timeout=Timeout(60), httpx_args={"trust_env": False}) as client:
            return function(client=client, **arguments)

    def model(self, name: str) -> Any:
        return getattr(import_module(f"{self.package}.models"), name)


def generate(folder: Path) -> None:
    app = create_app(sessions(open_store("sqlite://")), SETTINGS, lambda: NOW)
    description, settings, package = folder / "openapi.json", folder / "settings.yml", folder / PACKAGE
    description.write_text(json.dumps(app.openapi()), "utf-8")
    settings.write_text("post_hooks: []\n", "utf-8")
    arguments = ("--path", str(description), "--output-path", str(package), "--config", str(settings))
    command = [sys.executable, "-m", "openapi_python_client", "generate", *arguments, "--meta", "none"]
    subprocess.run([*command, "--fail-on-warning"], check=True, capture_output=True)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    folder = made_once(tmp_path_factory, "client", generate)
    sys.path.insert(0, str(folder))
    yield Generated(json.loads((folder / "openapi.json").read_text("utf-8")), PACKAGE)
    sys.path.remove(str(folder))


@contextmanager
def serving(inbox: Inbox, content: Content | None = None) -> Iterator[str]:
    with served(create_app(inbox.sessions, SETTINGS, lambda: NOW, content)) as address:
        yield address


def a_morning(inbox: Inbox) -> int:
    """The id of a mail in an inbox with something for every operation."""
    lost = Unplaced("Be bold.", "body", "names no paragraph")
    edits = (change("OP5", "effectiveness", "reach"), remark("OP1", "Good.", needs_review=True))
    mail = inbox.mail(
        message("NOR"),
        *edits,
        parts=(document("a.docx"),),
        unplaced=(lost,),
        body="Hello",
        sentences=outcomes("body", ("edit", "The reach.", (0,)), ("unread", "Be bold.")),
    )
    inbox.mail(message("MWI", group="African Group"), change("OP5", "effectiveness", "scope"))
    inbox.mail(message(observer="USA"), remark("general", "Fine."))
    inbox.poll(NOW - timedelta(hours=3))
    with inbox.sessions.begin() as session:
        keep_directory(session, [FocalPoint("focal@example.org", "Office", "FJI", "focal point")])
    return mail


READS: dict[str, Arguments] = {
    "get_status": {},
    "get_parties": {},
    "get_reminders": {},
    "get_party": {"code": "NOR"},
    "get_paragraphs": {},
    "get_paragraph": {"label": "OP5"},
    "get_edits": {"paragraph": "OP5", "limit": 1},
    "get_compilation": {"paragraph": ["OP5"]},
    "get_search": {"q": "reach"},
    "get_events": {"seconds": 0},
    "get_unplaced": {},
    "get_mails": {},
    "get_mail": {"mail_id": 1},
    "get_sentences": {"mail_id": 1, "limit": 1},
    "get_unplaced_of_mail": {"mail_id": 1},
    "get_raw_mail": {"mail_id": 1},
    "get_part": {"mail_id": 1, "n": 0},
    "get_polls": {},
    "get_ledger": {},
    "get_corrections": {},
    "get_editorial": {},
    "get_audit": {},
    "get_healthz": {},
    "get_readyz": {},
    "get_metrics": {},
}


def test_the_client_reads_every_operation(inbox: Inbox, generated: Generated) -> None:
    assert a_morning(inbox) == 1
    assert {one["operationId"] for one in generated.operations()} == {*READS, "post_correction", "post_marks"}
    with serving(inbox, lambda raw, _sha256: raw[:5]) as address:
        answers = {
            name: generated.call(address, name, _arguments(generated, name, arguments))
            for name, arguments in READS.items()
        }
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == {}
    values = {name: answer.parsed for name, answer in answers.items()}
    assert [name for name, value in values.items() if value is None] == []
    assert values["get_status"].parties[0].state == "none"
    assert values["get_party"].by_paragraph["OP5"][0].new == "reach"
    assert values["get_edits"].next_
    assert [passage.collide for passage in values["get_paragraph"].passages] == [True]
    assert values["get_mail"].class_ == "comments"
    assert [sentence.outcome for sentence in values["get_mail"].sentences] == ["edit", "unread"]
    assert values["get_raw_mail"].payload.read().startswith(b"Subject:")
    assert values["get_compilation"].payload.read().startswith(b"PK")
    assert values["get_part"].payload.read() == b"Subje"
    assert values["get_polls"][0].outcome == "ok"
    assert "kunming_parties" in values["get_metrics"]


def test_the_client_keeps_a_correction(inbox: Inbox, generated: Generated) -> None:
    mail = a_morning(inbox)
    said = {"kind": "party", "target": {"mail": mail}, "value": {"party": "NGA"}, "by": "A drafter", "why": "signature"}
    with serving(inbox) as address:
        answer = generated.call(address, "post_correction", {"body": generated.model("CorrectionIn").from_dict(said)})
        kept = generated.call(address, "get_corrections", {}).parsed
    assert (answer.status_code, answer.parsed.by, answer.parsed.value.party) == (201, "A drafter", "NGA")
    assert kept == [answer.parsed]


BODIES = {"post_correction": "CorrectionIn", "post_marks": "MarksIn"}
"""The type of what is sent, by operation."""
SENT: dict[str, Arguments] = {
    "post_correction": {"kind": "party", "target": {"mail": 1}, "by": "A drafter"},
    "post_marks": {"marks": [{"edit": "none", "disposition": "taken up"}], "by": "A drafter"},
}
PROVOKED: list[tuple[str, int, Arguments]] = [
    ("get_party", 404, {"code": "XXX"}),
    ("get_paragraph", 404, {"label": "OP99"}),
    ("get_mail", 404, {"mail_id": 99}),
    ("get_mail", 422, {"mail_id": "first"}),
    ("get_sentences", 404, {"mail_id": 99}),
    ("get_sentences", 422, {"mail_id": 1, "cursor": "none"}),
    ("get_unplaced_of_mail", 404, {"mail_id": 99}),
    ("get_unplaced_of_mail", 422, {"mail_id": 1, "cursor": "none"}),
    ("get_raw_mail", 404, {"mail_id": 99}),
    ("get_raw_mail", 422, {"mail_id": "first"}),
    ("get_part", 404, {"mail_id": 1, "n": 7}),
    ("get_part", 409, {"mail_id": 1, "n": 0}),
    ("get_part", 422, {"mail_id": 1, "n": "first"}),
    ("get_edits", 422, {"paragraph": "OP99"}),
    ("get_search", 422, {"q": "!"}),
    ("get_events", 422, {"seconds": -1}),
    ("get_parties", 422, {"region": "Atlantis"}),
    ("get_mails", 422, {"cursor": "none"}),
    ("get_unplaced", 422, {"cursor": "none"}),
    ("get_corrections", 422, {"cursor": "none"}),
    ("get_compilation", 422, {"party": ["XXX"]}),
    ("get_polls", 422, {"limit": 0}),
    ("get_audit", 422, {"limit": 0}),
    ("post_correction", 422, {"kind": "party", "target": {"mail": 99}, "by": "A drafter"}),
    ("post_marks", 422, SENT["post_marks"]),
    ("post_marks", 409, {"marks": [{"edit": "none", "disposition": "merged", "seen": [9]}], "by": "A drafter"}),
    ("post_correction", 409, {"kind": "confirm", "target": {"mail": 1}, "by": "A drafter", "seen": [9]}),
]


OF_THE_GUARD = (401, 403, 413, 415, 429)
"""What the guard answers before any route."""


def test_the_client_survives_being_nobody(inbox: Inbox, generated: Generated) -> None:
    add(inbox, "A reviewer", "reviewer")
    with serving(inbox) as address:
        for operation in generated.operations():
            name = operation["operationId"]
            answer = generated.call(address, name, _arguments(generated, name, (READS | SENT)[name]))
            assert ("security" in operation) == (answer.status_code == 401), name
            assert answer.parsed is not None


def test_the_client_survives_every_documented_error(inbox: Inbox, generated: Generated) -> None:
    a_morning(inbox)
    with serving(inbox) as address:
        for name, status, arguments in PROVOKED:
            answer = generated.call(address, name, _arguments(generated, name, arguments))
            assert (name, answer.status_code, answer.parsed.status) == (name, status, status)
            assert answer.headers["content-type"] == "application/problem+json"
    documented = {
        (one["operationId"], int(status))
        for one in generated.operations()
        for status in one["responses"]
        if status > "4"
    }
    of_scanner = {("get_raw_mail", 409)}  # test_scan.py has it
    provoked = of_scanner | {(name, status) for name, status, _ in PROVOKED} | {(name, 503) for name in _all(generated)}
    assert {one for one in documented if one[1] not in OF_THE_GUARD} == provoked


def test_the_client_survives_a_store_that_does_not_answer(generated: Generated) -> None:
    broken = create_app(sessions(open_store(NOBODY_LISTENS)), SETTINGS, lambda: NOW)
    with served(broken) as address:
        for name in _all(generated):
            arguments = (READS | SENT)[name]
            answer = generated.call(address, name, _arguments(generated, name, arguments))
            assert (name, answer.status_code) == (name, 503)
            assert answer.parsed is not None


def _arguments(generated: Generated, name: str, arguments: Arguments) -> Arguments:
    """As the client's function takes them: what is sent is an object of its own, a format one of its names."""
    if name in BODIES:
        return {"body": generated.model(BODIES[name]).from_dict(arguments)}
    if name == "get_compilation":
        return {**arguments, "format_": generated.model("Format")("docx")}
    return arguments


def _all(generated: Generated) -> list[str]:
    return [one["operationId"] for one in generated.operations()]


def test_every_answer_has_a_type_and_an_example_that_the_client_reads(generated: Generated) -> None:
    for operation in generated.operations():
        for response in operation["responses"].values():
            for content in response["content"].values():
                assert "schema" in content, operation["operationId"]
                if "example" in content:
                    _read(generated, content["schema"], content["example"])


def _read(generated: Generated, schema: dict[str, Any], example: Any) -> None:
    if schema.get("type") == "array":
        assert example, "an example of a list has at least one"
        for one in example:
            _read(generated, schema["items"], one)
    else:
        model = generated.model(schema["$ref"].rpartition("/")[2])
        assert model.from_dict(example).to_dict() == example


def test_only_downloads_and_metrics_go_without_an_example(generated: Generated) -> None:
    without = {
        one["operationId"]
        for one in generated.operations()
        for status, response in one["responses"].items()
        if status < "3" and not any("example" in content for content in response["content"].values())
    }
    assert without == {"get_raw_mail", "get_part", "get_compilation", "get_metrics", "get_events"}
