"""What the pages and the metrics say of a model that reads beside the rules."""

import re

import pytest
from fixture_chromium import served
from fixture_inbox import NOON, NOW, Inbox, change, inbox, message
from httpx import Client

from api.app import create_app
from parsing.model import ReadBy
from settings import Model, Settings
from store.questions import KeptAnswer, keep_answer, keep_no_answer, keep_questions

__all__ = ["inbox"]
pytestmark = pytest.mark.outside
WITH_MODEL = Settings(model=Model(url="http://127.0.0.1:1/v1", name="clerk"))


def shown(inbox: Inbox, path: str, settings: Settings) -> str:
    app = create_app(inbox.sessions, settings, lambda: NOW)
    with served(app) as address, Client(base_url=address, trust_env=False, timeout=60) as client:
        return client.get(path).text


@pytest.mark.parametrize(
    ("read_by", "settings", "words"),
    [
        ("rules", WITH_MODEL, "read by the rules"),
        ("both", WITH_MODEL, "read by the rules and the model"),
        ("model", WITH_MODEL, "read by the model"),
        ("both", Settings(), "read by the rules and the model"),
        ("rules", Settings(), ""),
    ],
)
def test_the_page_says_of_each_edit_who_read_it(inbox: Inbox, read_by: ReadBy, settings: Settings, words: str) -> None:
    mail = inbox.mail(message("NOR"), change("OP5", "Improve", "Strengthen", read_by=read_by))
    (said,) = re.findall(r'class="source">[^<]*', shown(inbox, f"/mails/{mail}", settings))
    assert re.findall("read by [a-z ]*[a-z]", said) == ([words] if words else [])


def test_metrics_tell_how_the_questions_go(inbox: Inbox) -> None:
    mail = inbox.mail(message("NOR"))
    with inbox.sessions.begin() as session:
        keep_questions(session, mail, ["a" * 64, "b" * 64, "c" * 64], ["a" * 64])
        keep_answer(session, KeptAnswer("a" * 64, "clerk-7b", NOON, 1.5, 3000, 200, "{}"))
        for _ in range(5):
            keep_no_answer(session, "b" * 64, "it is not JSON", NOON, counts=True)
    text = shown(inbox, "/metrics", WITH_MODEL)
    for state in ("answered", "waiting", "left"):
        assert f'kunming_questions{{state="{state}"}} 1.0' in text
    assert "kunming_model_tokens 3200.0" in text
