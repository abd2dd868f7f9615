"""A secretariat's directory of focal points: what is read, and what is refused with its line."""

import pytest

from parsing.model import FocalPoint
from parsing.who.directory import read_directory
from store.register import load

REGISTER = load()
GOOD = "address,name,party,role\nana@gmail.com,Ana,HND,primary\nSam@CBD.int,Sam,,secretariat\n"


def problems(text: str | bytes) -> list[tuple[str, str]]:
    data = text.encode() if isinstance(text, str) else text
    read = read_directory(data, REGISTER)
    assert not (read.problems and read.focal_points)
    return [(problem.source, problem.problem) for problem in read.problems]


def test_lines_are_focal_points() -> None:
    assert read_directory(GOOD.encode(), REGISTER).focal_points == (
        FocalPoint("ana@gmail.com", "Ana", "HND", "primary"),
        FocalPoint("sam@cbd.int", "Sam", None, "secretariat"),
    )


@pytest.mark.parametrize(
    ("cell", "party"),
    [
        ("NOR", "NOR"),
        ("no", "NOR"),
        ("EU", "EU"),
        ("Norway", "NOR"),
        ("Côte d'Ivoire", "CIV"),
        ("Российская Федерация", "RUS"),
    ],
)
def test_a_party_is_a_code_or_a_name(cell: str, party: str) -> None:
    read = read_directory(f"Email;Name;Country\nx@y.org;X;{cell}\n".encode("utf-8-sig"), REGISTER)
    assert [point.party for point in read.focal_points] == [party]


def test_columns_may_stand_in_any_order_with_tabs_and_quotes() -> None:
    text = 'role\tparty\te-mail\tname\n"CBD\tNFP"\tFJI\tx@env.gov.fj\t"Tui, S."\n\n'
    assert read_directory(text.encode(), REGISTER).focal_points == (
        FocalPoint("x@env.gov.fj", "Tui, S.", "FJI", "CBD\tNFP"),
    )


REFUSED = [
    (GOOD + "ANA@gmail.com,Ana,HND,\n", [("line 4", "ana@gmail.com is in the directory already")]),
    (GOOD + "x@y.org,X,XXX,\n", [("line 4", "“XXX” is no Party's code or name")]),
    (GOOD + "x@y.org,X,USA,\n", [("line 4", "“USA” is no Party's code or name")]),
    (GOOD + "nobody,X,NOR,\n", [("line 4", "“nobody” is no address")]),
    (GOOD + ",X,NOR,\n", [("line 4", "“” is no address")]),
    (GOOD + "x@y.org,X,Guinea and Niger,\n", [("line 4", "“Guinea and Niger” is no Party's code or name")]),
    ("name,party\nAna,HND\n", [("line 1", "no column for address")]),
    ("", [("line 1", "no column for address and party")]),
    ("address,party\na@b.org,Côte d'Ivoire\n".encode("latin-1"), [("line 2", "not UTF-8 (Latin-1?)")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_a_wrong_file_is_refused_with_its_lines(text: str | bytes, expected: list[tuple[str, str]]) -> None:
    assert problems(text) == expected
