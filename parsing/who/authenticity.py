"""Whether a mail comes from where it says: the verdicts of a server that is believed, and what does not fit."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import authres
from rapidfuzz.distance import OSA

from parsing.model import Authenticity, Consultation, OpenMail
from parsing.who.domains import host_of, is_freemail, owner_of
from parsing.who.phrases import TABLE
from parsing.who.recipients import addresses_in
from parsing.who.register_index import RegisterIndex, register_index

KeyLookup = Callable[[str], str | None]
"""Gives the DKIM key record (a TXT record) of a name, None where there is none."""

_METHODS = ("dmarc", "dkim", "spf")
_SECOND_LEVEL = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "govt", "gub", "gv", "mil", "net", "or", "org")
)
_GOVERNMENT = "|".join(TABLE["government"])
_INSIDE = re.compile(
    rf"(?:^|[.-])(?:{_GOVERNMENT})[.-]?[a-z]{{2,3}}[.-]|(?:^|[.-])[a-z]{{2}}-(?:{_GOVERNMENT})(?=[.-])|[a-z0-9]-(?:{_GOVERNMENT})\.[a-z]{{2,}}$"
)
_ZERO = str.maketrans("01", "ol")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}")
_SIGNATURES = 3
_TOO_SHORT = 6
"""Letters of an organization's domain below which many others are one letter away."""
_HEADER_LINES = 400
"""A mail's signatures are looked for in so many lines, and so many are checked."""
_SAME_LETTERS = str.maketrans("аеорсухіјѕԁɡ", "aeopcyxijsdg")
"""Cyrillic and other letters that look like Latin ones."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """`verdict` is mismatch where something does not fit, verified where a believed verdict or a signature checked here
    stands for the sender's domain; `doubts` and `evidence` are sentences.
    """

    verdict: Authenticity
    doubts: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def authenticate(
    mail: OpenMail, consultation: Consultation, raw: bytes = b"", lookup: KeyLookup | None = None
) -> Authenticated:
    """The verdicts of the topmost Authentication-Results of the consultation's own server, else a DKIM signature that
    is checked here with `lookup`, else unverified; and everything about the sender that does not fit.
    """
    host = host_of(mail.sender_address)
    index = register_index(consultation.register)
    passed, failed = _results(mail.headers.get("authentication-results", ()), consultation.authserv_id, host)
    if not passed and not failed and lookup:
        passed, failed = _signed(raw, host, lookup)
    doubts = (*failed, *_mismatches(mail, host, index), *_look_alikes(host, consultation, index))
    if doubts:
        return Authenticated("mismatch", doubts, passed)
    return Authenticated("verified" if passed else "unverified", (), passed or ("Nothing verifies the sender.",))


def _results(values: Sequence[str], believed: str | None, host: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences for what passed and what failed; other servers' headers are anybody's writing (RFC 8601, 7.1)."""
    results = _believed(values, believed) if believed else []
    passed = [result for result in results if result.result == "pass" and _is_for(host, result)]
    failed = [result for result in results if result.result in ("fail", "permerror")]
    if passed and "dmarc" not in {result.method for result in failed}:
        failed = []  # one way to pass is enough, unless the domain's own policy (DMARC) says that it did not
    return tuple(_sentences(believed, passed, host)), tuple(_sentences(believed, failed, host))


def failures(mail: OpenMail) -> Iterator[str]:
    """What any server on the way says against the sender. None is believed when it vouches for one; but nobody forges
    a verdict against himself.
    """
    for header in filter(None, map(_parse, mail.headers.get("authentication-results", ()))):
        results = [result for result in header.results if result.method in _METHODS]
        failed = [result for result in results if result.result in ("fail", "permerror")]
        excused = any(result.result == "pass" for result in results)
        found = [result for result in failed if result.method == "dmarc" or not excused]
        yield from _sentences(header.authserv_id, found, host_of(mail.sender_address))
    if any(value.strip().lower().startswith("fail") for value in mail.headers.get("received-spf", ())):
        yield "A server says: spf failed."


def _sentences(server: str | None, results: Sequence[authres.core.AuthenticationResult], host: str) -> Iterator[str]:
    for result in results:
        verdict = "passed" if result.result == "pass" else "failed"
        yield f"{server} says: {result.method} {verdict} for {_domain_of(result) or host}."


def _believed(values: Sequence[str], server: str) -> list[authres.core.AuthenticationResult]:
    """What the topmost header of the server says by the methods that are looked at."""
    for header in map(_parse, values):
        if header and header.authserv_id.lower() == server.lower():
            return [result for result in header.results if result.method in _METHODS]
    return []


def server_of(value: str) -> str:
    """The server that such a field names, in small letters; empty where it names none."""
    header = _parse(value)
    return header.authserv_id.lower() if header else ""


def _is_for(host: str, result: authres.core.AuthenticationResult) -> bool:
    """Whether the result speaks for the From field's host: DMARC always does."""
    return result.method == "dmarc" or is_aligned(_domain_of(result), host)


def _parse(value: str) -> authres.AuthenticationResultsHeader | None:
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {' '.join(value.split())}")
    except authres.AuthResError:
        return None


def _domain_of(result: authres.core.AuthenticationResult) -> str:
    """The domain that a result is about: header.d, smtp.mailfrom, header.from."""
    wanted = ("d", "i", "mailfrom", "from", "helo")
    found = {prop.name: str(prop.value) for prop in result.properties}
    return next((found[name].rpartition("@")[2].lower() for name in wanted if name in found), "")


def is_aligned(domain: str, host: str) -> bool:
    """Whether both are of one organization (relaxed alignment, RFC 7489, section 3.1)."""
    return bool(domain and host) and organization(domain) == organization(host)


def organization(host: str) -> str:
    """The part of a host below which everything is one owner's: gov.bt's nec.gov.bt, state.gov."""
    labels = host.lower().strip(".").split(".")
    below = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-below:])


def _signed(raw: bytes, host: str, lookup: KeyLookup) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the mail's own DKIM signature of the sender's domain says, checked with the keys that can be had."""
    import dkim  # noqa: PLC0415  it brings a resolver along, for which who hands in no lookup should not wait

    def key(name: bytes, **_: object) -> bytes | None:
        record = lookup(name.decode("ascii", "replace").rstrip("."))
        return record.encode() if record else None

    count = sum(line.lower().startswith(b"dkim-signature:") for line in raw.splitlines()[:_HEADER_LINES])
    for number in range(min(_SIGNATURES, count)):
        try:
            checked = dkim.DKIM(raw)
            valid = checked.verify(number, dnsfunc=key)
        except (dkim.DKIMException, ValueError, TypeError, KeyError):
            continue
        domain = checked.domain.decode("ascii", "replace").lower()
        if valid and is_aligned(domain, host):
            return (f"The DKIM signature of {domain} is valid.",), ()
    return (), ()


def _mismatches(mail: OpenMail, host: str, index: RegisterIndex) -> Iterator[str]:
    for address in sorted(addresses_in(mail.headers.get("return-path", ()))):
        if not _is_kin(host_of(address), host, index) and not _is_a_relay(address):
            yield f"The envelope's sender {address} is not of {host}."
    for address in sorted(addresses_in(mail.headers.get("reply-to", ()))):
        if not _is_kin(host_of(address), host, index) and not _is_same_country(address, host):
            yield f"Answers are to go elsewhere: {address}."
    for address in _ADDRESS.findall(mail.sender_name):
        if not is_aligned(host_of(address), host):
            yield f"The sender's name holds another address: {address}."


def _is_kin(one: str, other: str, index: RegisterIndex) -> bool:
    """Whether both hosts are of one organization, or of one State's government."""
    owners = [owner_of(host, index) for host in (one, other)]
    same = owners[0] is not None and owners[0] == owners[1] and owners[0].kind == "domain"
    return same or is_aligned(one, other)


def _is_a_relay(address: str) -> bool:
    """Whether an envelope's sender was rewritten on the way: SRS, VERP, mailing lists."""
    return bool(re.match(r"(?:srs[01]=|prvs=|bounces?[+-]|.*-bounces@|.*=.*@)", address))


def _is_same_country(address: str, host: str) -> bool:
    return (
        not is_freemail(host_of(address))
        and host_of(address).rpartition(".")[2] == host.rpartition(".")[2]
        and len(host.rpartition(".")[2]) == 2
    )


def _look_alikes(host: str, consultation: Consultation, index: RegisterIndex) -> Iterator[str]:
    """A host that is made to look like another's."""
    shown = _decoded(host)
    plain = unicodedata.normalize("NFKC", shown).translate(_SAME_LETTERS)
    if not plain.isascii() or plain != shown:
        yield f"The domain {shown} is written with letters that look like others."
    if _INSIDE.search(plain) and not _is_a_governments(host, index):
        yield f"The domain {shown} is no government's, and looks like one."
    elif _is_a_governments(plain.translate(_ZERO), index) and not _is_a_governments(plain, index):
        yield f"The domain {shown} looks like {plain.translate(_ZERO)}."
    for other in sorted(_trusted(consultation)):
        if _is_one_slip_away(organization(plain), organization(other)):
            yield f"The domain {shown} is one letter away from {other}."


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def _is_a_governments(host: str, index: RegisterIndex) -> bool:
    owner = owner_of(host, index)
    return owner is not None and owner.kind == "domain"


def _trusted(consultation: Consultation) -> Iterable[str]:
    """Hosts that somebody may want to be taken for: those of the directory and of the draft's addresses."""
    draft = consultation.draft
    addresses = (draft.comments_to, draft.copy_to, *(point.address for point in consultation.directory))
    return {host_of(address) for address in addresses if not is_freemail(host_of(address))} - {""}


def _is_one_slip_away(left: str, right: str) -> bool:
    """Whether one letter more, less, other or two swapped makes one of the other; short names are too near to tell."""
    return min(len(left), len(right)) >= _TOO_SHORT and OSA.distance(left, right, score_cutoff=1) == 1
