"""Forgery takes nothing away: what a sender claims that is not verified, or not known to speak for the Party, adds to
what was received, and needs review where it would take something.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from fixture_inbox import DRAFT, NOON, NOW, REGISTER
from specimen import word
from specimen_mail import attached, entity

from consultation.decisions import decision
from consultation.edit_content import WrongCorrection
from consultation.facts import ConsultationSnapshot
from consultation.kept import Arrival, Correction, KeptConsultation, KeptEdit, KeptMail, inner_of
from consultation.new_corrections import check_correction
from consultation.review_queue import review_queue
from consultation.snapshot import make_snapshot
from consultation.status import status
from parsing.documents import unguarded
from parsing.model import Consultation, Converters, FocalPoint
from parsing.reading import read_mail

HOST = "mx.host.example"
DIRECTORY = (
    FocalPoint("focal.fiji@gmail.com", "Office", "FJI", "focal point"),
    FocalPoint("desk@secretariat.example", "Desk", None),
)
BELIEVING = Consultation(DRAFT, REGISTER, DIRECTORY, authserv_id=HOST)
"""An operator who has said which server's verdicts are believed."""
ALONE = replace(BELIEVING, authserv_id=None)
"""One who has not: nothing can be verified."""
LISTED = replace(ALONE, believes_directory=True)
"""One who has not, and believes the addresses of the directory."""

REACH = "In paragraph 5, replace “effectiveness” with “reach”."
SCOPE = "In paragraph 5, replace “effectiveness” with “scope”."
WITHDRAW = "We hereby withdraw our comments on the draft declaration."
REPLACE = "This submission supersedes all previous ones."
NOTHING = "We have no comments on the draft declaration."


class Sent(NamedTuple):
    """A mail as its sender writes it, and what servers say of it."""

    sender: str
    words: str
    subject: str = "Comments on the draft declaration"
    verdict: str = ""
    head: str = ""
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def raw(self) -> bytes:
        verdict = f"Authentication-Results: {self.verdict}\n" if self.verdict else ""
        head = f"{verdict}From: {self.sender}\nTo: {DRAFT.comments_to}\nSubject: {self.subject}\n{self.head}"
        body = b"Content-Type: text/plain; charset=utf-8\n\nDear colleagues,\n\n" + self.words.encode() + b"\n"
        if not self.files:
            return head.encode() + body
        parts = [attached(name.encode(), data) for name, data in self.files]
        return head.encode() + entity("mixed", body, *parts)


def passed(domain: str, server: str = HOST) -> str:
    return f"{server}; dmarc=pass header.from={domain}"


def failed(domain: str, server: str = HOST) -> str:
    return f"{server}; dmarc=fail header.from={domain}; spf=pass smtp.mailfrom=evil.example"


INDIA = Sent("Asha Rao <asha.rao@moef.gov.in>", f"India proposes:\n\n{REACH}", verdict=passed("moef.gov.in"))
FOR_INDIA = "I write on behalf of the Government of India.\n\n"
AS_INDIA = INDIA._replace(words=FOR_INDIA + WITHDRAW, verdict="")
GMAIL = "Office <office.of.japan@gmail.com>"
JAPAN = Sent("Kenji Ito <kenji.ito@env.go.jp>", f"Japan proposes:\n\n{REACH}", verdict=passed("env.go.jp"))
SILENT = "The Government of Japan has no comments on the draft declaration."
FOR_JAPAN = "I write on behalf of the Government of Japan.\n\n"


def kept(n: int, one: Sent, consultation: Consultation) -> tuple[KeptMail, list[KeptEdit]]:
    at = NOON + timedelta(hours=n)
    reading = read_mail(one.raw, at, consultation, Converters(), unguarded)
    mail = KeptMail(
        id=n,
        sha256=f"{n:064}",
        size=len(one.raw),
        first_seen=at,
        crashed=False,
        refused=False,
        twin_of=None,
        arrivals=(Arrival("outcome", "INBOX", 1, n, "stored", at, at),),
        message=reading.message,
        parts=reading.parts,
        problems=reading.problems,
        unplaced=len(reading.unplaced),
        unplaced_in=tuple({one.source for one in reading.unplaced}),
        inner=tuple(inner_of(inner.message, len(inner.unplaced)) for inner in reading.mails if inner.message),
    )
    return mail, [KeptEdit(n, edit) for edit in reading.edits]


def received(sent: Sequence[Sent], consultation: Consultation = BELIEVING, *said: Correction) -> ConsultationSnapshot:
    mails, edits = zip(*(kept(n, one, consultation) for n, one in enumerate(sent, 1)), strict=True)
    return make_snapshot(
        KeptConsultation(DRAFT, tuple(mails), tuple(edit for some in edits for edit in some), said), REGISTER
    )


def standing(now: ConsultationSnapshot) -> tuple[list[str], list[int], list[str]]:
    """The words that hold, the mails that do not, and what waits for a person."""
    words = [fact.edit.new or fact.edit.comment for fact in now.current_edits]
    waiting = [str(one.kind) for mail in now.mails for one in mail.waiting]
    return sorted(words), [mail.id for mail in now.mails if not mail.is_current], waiting


def docx(new: str) -> bytes:
    """The draft's paragraph 5 with one word changed, as a Word file."""
    text = DRAFT.text("OP5").replace("effectiveness", f"[-effectiveness-]{{+{new}+}}", 1)
    return word(f"5. {text}")


def with_file(sent: Sent, new: str, name: str = "comments.docx") -> Sent:
    return sent._replace(files=((name, docx(new)),))


STANDS = ["reach"]
BOTH = ["reach", "scope"]
FIJI = Sent("Mere <focal.fiji@gmail.com>", f"Fiji proposes:\n\n{REACH}", verdict=passed("gmail.com"))
UPDATE = f"{REPLACE}\n\n{SCOPE}"

ATTACKS: list[tuple[str, list[Sent], list[str], list[str]]] = [
    # a forged From
    ("dmarc=fail, withdraws", [INDIA, AS_INDIA._replace(verdict=failed("moef.gov.in"))], STANDS, ["withdraws"]),
    ("no verdict, withdraws", [INDIA, AS_INDIA], STANDS, ["withdraws"]),
    ("a verdict of another server", [INDIA, AS_INDIA._replace(verdict=passed("moef.gov.in", "mx.evil.example"))],
     STANDS, ["withdraws"]),
    ("a pass below the server's own fail",
     [INDIA, AS_INDIA._replace(verdict=failed("moef.gov.in"),
                               head=f"Authentication-Results: {passed('moef.gov.in')}\n")], STANDS, ["withdraws"]),
    ("another domain's signature", [INDIA, AS_INDIA._replace(verdict=f"{HOST}; dkim=pass header.d=evil.example")],
     STANDS, ["withdraws"]),
    ("dmarc=none", [INDIA, AS_INDIA._replace(verdict=f"{HOST}; dmarc=none header.from=moef.gov.in; spf=none")],
     STANDS, ["withdraws"]),
    ("a sub-domain of the ministry that is not verified",
     [INDIA, AS_INDIA._replace(sender="Asha Rao <asha.rao@mail.moef.gov.in>",
                               verdict=f"{HOST}; dmarc=none header.from=mail.moef.gov.in")], STANDS, ["withdraws"]),
    ("a bare softfail", [INDIA, AS_INDIA._replace(verdict=f"{HOST}; spf=softfail smtp.mailfrom=moef.gov.in")],
     STANDS, ["withdraws"]),
    ("replaces all", [INDIA, AS_INDIA._replace(words=FOR_INDIA + UPDATE)], BOTH, ["replaces"]),
    ("replaces the mail that it answers",
     [INDIA._replace(head="Message-ID: <1@moef.gov.in>\n"),
      AS_INDIA._replace(words=FOR_INDIA + UPDATE, head="In-Reply-To: <1@moef.gov.in>\n")], BOTH, ["replaces"]),
    ("replaces the one before", [INDIA, AS_INDIA._replace(words=f"India: kindly ignore my earlier e-mail.\n\n{SCOPE}")],
     BOTH, ["replaces"]),
    ("a corrigendum in the subject",
     [INDIA, AS_INDIA._replace(words=FOR_INDIA + SCOPE, subject="CORRIGENDUM: comments of India")],
     BOTH, ["replaces"]),
    ("no comments over comments", [INDIA, AS_INDIA._replace(words=f"India writes.\n\n{NOTHING}")],
     STANDS, ["no comments"]),
    ("the same file with other words",
     [with_file(INDIA._replace(words="Comments of India."), "reach"),
      with_file(AS_INDIA._replace(words="Comments of India."), "scope")], BOTH, ["sends again"]),
    ("the same file, named as revised",
     [with_file(INDIA._replace(words="Comments of India."), "reach"),
      with_file(AS_INDIA._replace(words="Comments of India."), "scope", "comments_rev2.docx")], BOTH, ["sends again"]),
    ("in French", [INDIA, AS_INDIA._replace(words="L’Inde retire ses observations.")], STANDS, ["withdraws"]),
    # another sender who speaks in a Party's name
    ("gmail, replaces all",
     [JAPAN, Sent(GMAIL, FOR_JAPAN + UPDATE, verdict=passed("gmail.com"))], BOTH, ["replaces"]),
    ("gmail, withdraws", [JAPAN, Sent(GMAIL, FOR_JAPAN + WITHDRAW, verdict=passed("gmail.com"))],
     STANDS, ["withdraws"]),
    ("gmail, no comments", [JAPAN, Sent(GMAIL, SILENT, verdict=passed("gmail.com"))],
     STANDS, ["no comments"]),
    ("gmail, the same file", [
        with_file(JAPAN._replace(words="Comments of Japan."), "reach"),
        with_file(Sent(GMAIL, FOR_JAPAN + "See the file.", verdict=passed("gmail.com")), "scope")],
     BOTH, ["sends again"]),
    ("a domain in the country that anybody may buy",
     [JAPAN, Sent("A <a@environment.jp>", f"Japan writes. {UPDATE}", verdict=passed("environment.jp"))],
     BOTH, ["replaces"]),
    ("a ministry's name directly below the country's domain",
     [JAPAN, Sent("A <a@mofa.jp>", f"Japan writes. {WITHDRAW}", verdict=passed("mofa.jp"))], STANDS, ["withdraws"]),
    ("a look-alike with the government inside",
     [INDIA, Sent("A <a@moef.gov.in.evil.com>", FOR_INDIA + WITHDRAW, verdict=passed("moef.gov.in.evil.com"))],
     STANDS, ["withdraws"]),
    ("a look-alike with a hyphen",
     [INDIA, Sent("A <a@moef-gov.in>", FOR_INDIA + WITHDRAW, verdict=passed("moef-gov.in"))],
     STANDS, ["withdraws"]),
    ("letters that look alike",
     [INDIA, Sent("A <a@xn--mof-tlc.gov.in>", FOR_INDIA + WITHDRAW)], STANDS, ["withdraws"]),
    ("another government",
     [INDIA, Sent("A <a@mfa.gov.tr>", FOR_INDIA + WITHDRAW,
                  verdict=passed("mfa.gov.tr"))], STANDS, ["withdraws"]),
    ("the address in the sender's name",
     [INDIA, Sent('"asha.rao@moef.gov.in" <a@evil.example>', FOR_INDIA + WITHDRAW,
                  verdict=passed("evil.example"))], STANDS, ["withdraws"]),
    ("the ministry in Reply-To alone",
     [INDIA, Sent("India <a@evil.example>", FOR_INDIA + WITHDRAW, verdict=passed("evil.example"),
                  head="Reply-To: asha.rao@moef.gov.in\n")], STANDS, ["withdraws"]),
    ("answers go to the forger",
     [INDIA, AS_INDIA._replace(verdict=passed("moef.gov.in"), head="Reply-To: a@evil.example\n")],
     STANDS, ["withdraws"]),
    ("no From but a Reply-To",
     [INDIA, Sent("", FOR_INDIA + WITHDRAW, head="Reply-To: asha.rao@moef.gov.in\n")], STANDS, ["withdraws"]),
    ("several senders in From",
     [INDIA, Sent("asha.rao@moef.gov.in, a@evil.example", FOR_INDIA + WITHDRAW,
                  verdict=passed("evil.example"))], STANDS, ["withdraws"]),
    ("a second From field",
     [INDIA, AS_INDIA._replace(verdict=passed("moef.gov.in"), head="From: a@evil.example\n")], STANDS, ["withdraws"]),
    ("a Sender field of the ministry",
     [INDIA, Sent("India <a@evil.example>", FOR_INDIA + WITHDRAW, verdict=passed("evil.example"),
                  head="Sender: asha.rao@moef.gov.in\n")], STANDS, ["withdraws"]),
    ("a forged mail that is passed on with a claim",
     [INDIA, Sent("A <a@evil.example>", "India withdraws its comments.\n\n---------- Forwarded message ---------\n"
                  "From: Asha Rao <asha.rao@moef.gov.in>\nDate: Thu, 2 Sep 2021 10:00:00 +0000\n"
                  f"Subject: Comments of India\nTo: {DRAFT.comments_to}\n\nIndia writes. {WITHDRAW}",
                  verdict=passed("evil.example"))], STANDS, []),
    ("the secretariat's own address is not a Party's",
     [INDIA, Sent("Desk <desk@secretariat.example>", FOR_INDIA + WITHDRAW,
                  verdict=passed("secretariat.example"))], STANDS, ["withdraws"]),
    ("the directory's address, not verified", [FIJI, FIJI._replace(words=f"Fiji writes. {WITHDRAW}", verdict="")],
     STANDS, ["withdraws"]),
    ("a name that the directory has, at another address",
     [FIJI, Sent("Mere <focal.fiji@gmai1.com>", f"On behalf of the Government of Fiji: {WITHDRAW}",
                 verdict=passed("gmai1.com"))],
     STANDS, ["withdraws"]),
]  # fmt: skip


@pytest.mark.parametrize("consultation", [BELIEVING, ALONE], ids=["verified", "nobody to verify"])
@pytest.mark.parametrize(("_why", "sent", "stands", "waits"), ATTACKS, ids=[one[0] for one in ATTACKS])
def test_what_a_forger_claims_adds_and_never_removes(
    _why: str, sent: list[Sent], stands: list[str], waits: list[str], consultation: Consultation
) -> None:
    words, out, waiting = standing(received(sent, consultation))
    assert (set(words) >= set(stands), out, waiting) == (True, [], waits)


def test_a_stranger_takes_back_what_it_sent_itself_and_nothing_else() -> None:
    adds = "In paragraph 6, delete “ensure”."
    strangers = [Sent(GMAIL, FOR_JAPAN + words, verdict=passed("gmail.com")) for words in (adds, UPDATE)]
    assert standing(received([JAPAN, *strangers])) == (BOTH, [2], ["replaces"])


# --- what the sender may take back ---------------------------------------------------------------------

BY_INDIA = INDIA._replace(words=f"India writes:\n\n{WITHDRAW}")
COLLEAGUE = BY_INDIA._replace(sender="Dev Sen <dev.sen@moef.gov.in>")
GENUINE: list[tuple[str, list[Sent], list[str], list[int]]] = [
    ("its own mail, verified", [INDIA, BY_INDIA], [], [1]),
    ("replaced by itself", [INDIA, INDIA._replace(words=f"India writes. {UPDATE}")], ["scope"], [1]),
    ("by a colleague of the same ministry", [INDIA, COLLEAGUE], [], [1]),
    ("by another ministry of its government",
     [INDIA, BY_INDIA._replace(sender="A <a@mea.gov.in>", verdict=passed("mea.gov.in"))], [], [1]),
    ("by the directory's address", [FIJI, FIJI._replace(words=f"Fiji writes. {WITHDRAW}")], [], [1]),
    ("freemail, its own mail",
     [Sent(GMAIL, FOR_JAPAN + REACH, verdict=passed("gmail.com")),
      Sent(GMAIL, FOR_JAPAN + UPDATE, verdict=passed("gmail.com"))], ["scope"], [1]),
    ("the ministry over what a stranger sent",
     [Sent(GMAIL, FOR_JAPAN + SCOPE, verdict=passed("gmail.com")),
      JAPAN._replace(words=f"Japan: {REPLACE}\n\n{REACH}")],
     ["reach"], [1]),
    ("a genuine corrigendum takes its own mail, not the stranger's between",
     [JAPAN, Sent(GMAIL, FOR_JAPAN + SCOPE, verdict=passed("gmail.com")),
      JAPAN._replace(words="Japan: please disregard the first e-mail.\n\n"
                     "In paragraph 5, replace “effectiveness” with “breadth”.")], ["breadth", "scope"], [1]),
    ("its own file, revised",
     [with_file(INDIA._replace(words="Comments of India."), "reach"),
      with_file(INDIA._replace(words="Comments of India."), "scope", "comments_rev2.docx")], ["scope"], [1]),
]  # fmt: skip


@pytest.mark.parametrize(("_why", "sent", "stands", "out"), GENUINE, ids=[one[0] for one in GENUINE])
def test_a_sender_takes_back_its_own_word_and_its_party_s(
    _why: str, sent: list[Sent], stands: list[str], out: list[int]
) -> None:
    words, superseded, waiting = standing(received(sent))
    assert (set(words) >= set(stands), superseded, waiting) == (True, out, [])
    assert not {"reach", "scope"} & set(words) - set(stands)


# --- where no server is believed, nobody can be verified ------------------------------------------------


@pytest.mark.parametrize("unsaid", [True, False], ids=["no verdicts", "verdicts that nobody believes"])
@pytest.mark.parametrize(("_why", "sent", "_stands", "out"), GENUINE, ids=[one[0] for one in GENUINE])
def test_without_a_believed_server_the_true_word_waits_too_and_one_act_decides(
    _why: str, sent: list[Sent], _stands: list[str], out: list[int], *, unsaid: bool
) -> None:
    came = [one._replace(verdict="") if unsaid else one for one in sent]
    _, superseded, waiting = standing(received(came, ALONE))
    assert (superseded, len(waiting)) == ([], 1)
    accepted = decided("claim", len(sent), {"accepted": True})
    _, superseded, waiting = standing(received(came, ALONE, accepted))
    assert (set(superseded) >= set(out), waiting) == (True, [])


@pytest.mark.parametrize("claims", [WITHDRAW, UPDATE, NOTHING, "See the file."])
def test_a_perfect_forgery_takes_nothing_and_the_page_says_why(claims: str) -> None:
    first = with_file(INDIA._replace(words="Comments of India.", verdict=""), "reach")
    forged = AS_INDIA._replace(words=f"India writes.\n\n{claims}")
    if "file" in claims:
        forged = with_file(forged, "scope")
    now = received([first, forged], ALONE)
    (reason,) = now.mails[1].review
    assert standing(now)[:2] == (["reach", *["scope"] * (claims in (UPDATE, "See the file."))], [])
    assert " mail 1" in reason
    assert "nothing verifies that its sender wrote it" in reason
    assert reason.endswith("until a person decides")
    row = status(now).of("IND")
    assert row is not None
    assert (row.state, row.mails) == ("commented", 2)


BELIEVED = [
    ("the directory's address", [FIJI, FIJI._replace(words=f"Fiji writes. {WITHDRAW}")], [1]),
    ("an address that is not listed", [INDIA, BY_INDIA], []),
    ("freemail that is not listed", [Sent(GMAIL, FOR_JAPAN + REACH), Sent(GMAIL, FOR_JAPAN + UPDATE)], []),
    ("a desk of the directory, which speaks for nobody",
     [Sent("Desk <desk@secretariat.example>", FOR_INDIA + REACH),
      Sent("Desk <desk@secretariat.example>", FOR_INDIA + WITHDRAW)], []),
    ("the directory's address for another Party", [INDIA, FIJI._replace(words=FOR_INDIA + WITHDRAW)], []),
    ("the directory's address, and a server says that it failed",
     [FIJI, FIJI._replace(words=f"Fiji writes. {WITHDRAW}", verdict=failed("gmail.com"))], []),
    ("the directory's address in the sender's name",
     [FIJI, Sent('"focal.fiji@gmail.com" <a@evil.example>', f"Fiji writes. {WITHDRAW}")], []),
    ("answers go elsewhere",
     [FIJI, FIJI._replace(words=f"Fiji writes. {WITHDRAW}", head="Reply-To: a@evil.example\n")], []),
]  # fmt: skip


@pytest.mark.parametrize(("_why", "sent", "out"), BELIEVED, ids=[one[0] for one in BELIEVED])
def test_the_directory_is_believed_where_the_operator_says_so_and_nothing_speaks_against_it(
    _why: str, sent: list[Sent], out: list[int]
) -> None:
    came = [one if "fail" in one.verdict else one._replace(verdict="") for one in sent]
    _, superseded, waiting = standing(received(came, LISTED))
    assert superseded == out
    assert not (superseded and waiting)
    assert standing(received(came, ALONE))[1] == []


UNVERIFIED = [
    ("a failed verdict of any server", [INDIA, AS_INDIA._replace(verdict=failed("moef.gov.in", "mx.any"))]),
    ("a failed SPF check", [INDIA, AS_INDIA._replace(head="Received-SPF: fail (moef.gov.in does not designate)\n")]),
    ("a stranger", [JAPAN, Sent(GMAIL, FOR_JAPAN + WITHDRAW)]),
    ("several senders", [INDIA, Sent("asha.rao@moef.gov.in, a@evil.example", FOR_INDIA + WITHDRAW)]),
]


@pytest.mark.parametrize(("_why", "sent"), UNVERIFIED, ids=[one[0] for one in UNVERIFIED])
def test_without_a_believed_server_what_speaks_against_a_sender_counts(_why: str, sent: list[Sent]) -> None:
    assert standing(received(sent, ALONE)) == (["reach"], [], ["withdraws"])


WRONG = replace(BELIEVING, authserv_id="mx.another.example")
"""One who has named a server that does not speak in the mails."""


@pytest.mark.parametrize(("_why", "sent", "stands", "waits"), ATTACKS, ids=[one[0] for one in ATTACKS])
def test_where_the_wrong_server_is_believed_forgery_takes_nothing_either(
    _why: str, sent: list[Sent], stands: list[str], waits: list[str]
) -> None:
    words, superseded, waiting = standing(received(sent, WRONG))
    assert (set(words) >= set(stands), superseded) == (True, [])
    assert set(waiting) >= set(waits)


# --- those for whom one says that one speaks ------------------------------------------------------------

FOR_AFRICA = f"I write on behalf of the African Group.\n\n{REACH}"
FOR_THE_UNION = f"I write on behalf of the European Union and its Member States.\n\n{REACH}"
JOINT = f"We write on behalf of Norway and Iceland.\n\n{REACH}"
COVERING = [
    ("a stranger for a Group", "Office <office@evil.example>", FOR_AFRICA, 0),
    ("freemail for a Group", "Office <africa@gmail.com>", FOR_AFRICA, 0),
    ("a government that is no member", "A <a@mfa.gov.tr>", FOR_AFRICA, 0),
    ("a member", "C <c@ead.gov.mw>", FOR_AFRICA, 54),
    ("a stranger for the Union", "Office <office@evil.example>", FOR_THE_UNION, 0),
    ("a government outside the Union", "A <a@mfa.gov.tr>", FOR_THE_UNION, 0),
    ("the Presidency", "M <m@gov.si>", FOR_THE_UNION, 27),
    ("the Commission", "H <h@ec.europa.eu>", FOR_THE_UNION, 27),
    ("a stranger for two Parties", "Office <office@evil.example>", JOINT, 0),
]


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize(("_why", "sender", "words", "covered"), COVERING, ids=[one[0] for one in COVERING])
def test_others_are_covered_by_whom_may_speak_for_them(
    _why: str, sender: str, words: str, covered: int, *, verified: bool
) -> None:
    domain = sender.rpartition("@")[2].strip(">")
    now = received([Sent(sender, words, verdict=passed(domain) if verified else "")])
    waits = not verified or not covered
    assert sum(bool(row.covered_by) for row in status(now).parties) == (0 if waits else covered)
    assert [one.kind for one in now.mails[0].waiting] == (["speaks for others"] if waits else [])
    assert len(now.current_edits) == 1


def test_no_comments_of_a_group_from_a_stranger_cover_nobody() -> None:
    africa = Sent("Office <office@evil.example>", "The African Group has no comments on the draft declaration.")
    now = received([africa], ALONE)
    assert not any(row.covered_by for row in status(now).parties)
    assert [one.kind for one in now.mails[0].waiting] == ["speaks for others"]


def test_no_comments_from_a_stranger_need_review_though_nothing_came_before() -> None:
    now = received([Sent(GMAIL, SILENT)], ALONE)
    (reason,) = now.mails[0].review
    assert reason.startswith("it says that there are no comments: nothing verifies that its sender wrote it")


# --- one act decides -----------------------------------------------------------------------------------


def decided(kind: Any, mail: int, value: dict[str, Any], number: int = 1) -> Correction:
    return Correction(number, NOW, "A drafter", "asked them", kind, {"mail": f"{mail:064}"}, value)


STRANGER = Sent(GMAIL, FOR_JAPAN + UPDATE, verdict=passed("gmail.com"))
DECISIONS = [
    ("undecided", [], ["reach", "scope"], [], ["replaces"]),
    ("accepted", [decided("claim", 2, {"accepted": True})], ["scope"], [1], []),
    ("refused", [decided("claim", 2, {"accepted": False})], ["reach", "scope"], [], []),
    ("refused after all", [decided("claim", 2, {"accepted": True}), decided("claim", 2, {"accepted": False}, 2)],
     ["reach", "scope"], [], []),
    ("the other mail was said to be current", [decided("superseded", 1, {"superseded": False})],
     ["reach", "scope"], [], []),
    ("the other mail was said to be superseded", [decided("superseded", 1, {"superseded": True, "by": f"{2:064}"})],
     ["scope"], [1], []),
    ("the mail was said to be nobody's", [decided("party", 2, {"party": None, "group": None, "observer": None})],
     ["reach", "scope"], [], []),
]  # fmt: skip


@pytest.mark.parametrize(("_why", "said", "stands", "out", "waits"), DECISIONS, ids=[one[0] for one in DECISIONS])
def test_a_person_confirms_or_refuses_a_claim_with_one_act(
    _why: str, said: list[Correction], stands: list[str], out: list[int], waits: list[str]
) -> None:
    now = received([JAPAN, STRANGER], BELIEVING, *said)
    assert standing(now) == (stands, out, waits)
    assert any("until a person decides" in reason for reason in now.mails[1].review) == bool(waits)


def test_a_group_s_claim_that_a_person_accepts_covers_its_members() -> None:
    sent = [Sent("Office <office@evil.example>", FOR_AFRICA)]
    now = received(sent, ALONE, decided("claim", 1, {"accepted": True}))
    assert sum(bool(row.covered_by) for row in status(now).parties) == 54


def test_a_mail_that_a_person_attributes_claims_nothing_by_that_alone() -> None:
    nameless = Sent("A <a@evil.example>", UPDATE)
    now = received([JAPAN, nameless], ALONE, decided("party", 2, {"party": "JPN", "group": None, "observer": None}))
    assert standing(now) == (["reach", "scope"], [], ["replaces"])


def test_an_address_that_a_person_has_vouched_for_speaks_for_its_party_from_then_on() -> None:
    adds = Sent(GMAIL, FOR_JAPAN + "In paragraph 6, delete “ensure”.")
    vouched = decided("party", 2, {"party": "JPN", "group": None, "observer": None})
    adds = adds._replace(verdict=passed("gmail.com"))
    assert standing(received([JAPAN, adds, STRANGER]))[1:] == ([2], ["replaces"])
    assert standing(received([JAPAN, adds, STRANGER], BELIEVING, vouched))[1:] == ([1, 2], [])
    assert standing(received([JAPAN, adds, STRANGER], ALONE, vouched))[1] == []


def test_a_claim_is_decided_where_there_is_one() -> None:
    now = received([JAPAN, STRANGER])
    said: dict[str, Any] = {"kind": "claim", "value": {"accepted": True}, "who": "A drafter", "why": ""}
    assert check_correction(now, target={"mail": 2}, **said).target == {"mail": f"{2:064}"}
    with pytest.raises(WrongCorrection, match="mail 1 claims nothing that needs a decision"):
        check_correction(now, target={"mail": 1}, **said)


def test_a_claim_is_one_item_of_the_queue_and_one_key_decides_it() -> None:
    now = received([JAPAN, STRANGER], ALONE)
    (item,) = [one for one in review_queue(now) if one.kind == "claim"]
    assert (item.id, item.reasons) == ("claim-2", (now.mails[1].waiting[0].sentence,))
    assert decision(item, "accept", {})[::2] == ("claim", {"accepted": True})
    assert decision(item, "reject", {})[::2] == ("claim", {"accepted": False})
    row = status(now).of("JPN")
    assert row is not None
    assert row.to_review == sum(one.speaker == item.speaker for one in review_queue(now))


# --- files that come again ------------------------------------------------------------------------------

NOTE = INDIA._replace(words="India proposes:\n\nIn paragraph 1, replace “Ensure” with “Guarantee”.")


def test_a_file_that_comes_again_leaves_what_the_first_mail_itself_asks_for() -> None:
    first = with_file(NOTE, "reach")
    again = with_file(NOTE._replace(words="Please find our comments attached."), "scope")
    now = received([first, again])
    assert standing(now) == (["Guarantee", "scope"], [], [])
    assert [one.name for one in now.mails[0].superseded_files] == ["comments.docx"]


@pytest.mark.parametrize("name", ["a_rev2.docx", "a (1).docx", "a corrigé.docx", "a_версия 2.docx", "a-修订稿.docx"])
def test_of_two_files_the_one_that_comes_again_is_superseded_alone(name: str) -> None:
    two = NOTE._replace(words="Comments of India.", files=(("a.docx", docx("reach")), ("b.docx", docx("extent"))))
    now = received([two, with_file(NOTE._replace(words="Comments of India."), "scope", name)])
    assert standing(now) == (["extent", "scope"], [], [])


def test_who_sends_the_draft_itself_again_does_not_take_comments_back() -> None:
    plain = word(f"5. {DRAFT.text('OP5')}")
    first = with_file(NOTE._replace(words="Comments of India."), "reach")
    again = NOTE._replace(words="Attached is the text that we were sent.", files=(("comments.docx", plain),))
    assert standing(received([first, again])) == (["reach"], [], ["sends again"])


def test_a_file_by_another_ministry_under_the_same_name_waits() -> None:
    first = with_file(INDIA._replace(words="Comments of India."), "reach")
    other = with_file(Sent("A <a@mea.gov.in>", "Comments of India.", verdict=passed("mea.gov.in")), "scope")
    assert standing(received([first, other])) == (["reach", "scope"], [], ["sends again"])


def test_the_first_file_that_comes_a_third_time_stands_again() -> None:
    mails = [with_file(INDIA._replace(words="Comments of India."), new) for new in ("reach", "scope", "reach")]
    words, out, _ = standing(received(mails))
    assert (words, out) == (["reach"], [1, 2])


def test_a_file_in_a_mail_that_is_no_answer_hides_no_edit() -> None:
    forged = with_file(Sent(GMAIL, FOR_JAPAN + "See the file."), "reach")
    genuine = with_file(JAPAN._replace(words="Comments of Japan."), "reach")
    now = received([forged, genuine], ALONE, decided("kind", 1, {"kind": "spam"}))
    assert [(fact.mail, fact.edit.new) for fact in now.current_edits] == [(2, "reach")]
