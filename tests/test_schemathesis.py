"""Requests made from the description of the API, for each role: whatever they hold, no answer is a 500."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from accounts import ROLES, add, bearer, token
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, change, document, inbox_at, message, outcomes, remark
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from api.app import create_app
from api.events import LASTS
from settings import Settings
from store.session import migrate

pytestmark = pytest.mark.outside
EXAMPLES = 40
"""Requests an operation and role; what was found with thousands is in test_hostile_requests.py."""


@dataclass
class Site:
    address: str
    tokens: Mapping[str, str]
    schema: schemathesis.BaseSchema


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = f"sqlite:///{tmp_path_factory.mktemp('site') / 'kunming.sqlite'}"
    migrate(url)
    inbox = inbox_at(url)
    a_morning(inbox)
    for role in ROLES:
        add(inbox, role, role)
    app = create_app(inbox.sessions, Settings(mailboxes=()), lambda: NOW, lambda raw, _sha256: raw)
    tokens: dict[str, str] = {role: token(inbox, role) for role in ROLES}
    schema = schemathesis.openapi.from_dict(app.openapi())
    with served(app) as address:
        schema.config.update(base_url=address)
        yield Site(address, tokens, schema)
    inbox.engine.dispose()


def a_morning(inbox: Inbox) -> None:
    edits = change("OP5", "effectiveness", "reach", needs_review=True), remark("OP1", "Good.")
    said = outcomes("body", ("edit", "The reach.", (0,)), ("unread", "Be bold."))
    inbox.mail(message("NOR"), *edits, parts=(document("a.docx"),), sentences=said)
    inbox.poll()


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_whatever_is_asked_no_answer_is_a_500(site: Site, role: str) -> None:
    headers = bearer(site.tokens[role]) if role in site.tokens else {}
    for result in site.schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def ask(case: schemathesis.Case[Any]) -> None:
            _end_at_once(case)
            case.call_and_validate(headers=headers, checks=[not_a_server_error])

        ask()


def _end_at_once(case: schemathesis.Case[Any]) -> None:
    """A stream of events that would last for seconds ends after what there is now."""
    asked = case.query or {}
    if case.path == "/api/v1/events" and asked.get("seconds", LASTS) in range(1, LASTS + 1):
        case.query = asked | {"seconds": 0}
