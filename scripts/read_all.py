"""Reads everything that the API has to give by following its pages, as JSON: one line a row.

usage: read_all.py http://127.0.0.1:8015 [--token TOKEN] [--since 2021-09-03T12:00:00Z]

It is an example of a client, too: each list is read page by page until there is no `next`; an answer that is held
already is asked for with its ETag, and costs no more than a few bytes.
"""

import argparse
import json
from collections.abc import Iterator
from typing import Any

import httpx

Row = dict[str, Any]
LISTS = ("parties", "mails", "edits", "unplaced", "corrections")
A_PAGE = 200


def read_all(client: httpx.Client, since: str | None = None) -> Iterator[tuple[str, Row]]:
    """Every row of every list, with the name of the list; with `since` only what is new."""
    yield "status", client.get("/api/v1/status").raise_for_status().json()
    for name in LISTS:
        query: dict[str, str | int] = {"limit": A_PAGE}
        if name == "edits":
            query["all"] = "true"
        if since is not None and name != "parties":
            query["since"] = since
        for row in rows(client, f"/api/v1/{name}", query):
            yield name, row


def rows(client: httpx.Client, path: str, query: dict[str, str | int]) -> Iterator[Row]:
    """Every row of one list: page by page, as the header `Link` leads on."""
    answer = client.get(path, params=query).raise_for_status()
    while True:
        page = answer.json()
        yield from page["edits"] if isinstance(page, dict) else page
        if "next" not in answer.links:
            return
        answer = client.get(answer.url.join(answer.links["next"]["url"])).raise_for_status()


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("address")
    told.add_argument("--token")
    told.add_argument("--since", help="an instant with its zone: only what is new since then")
    asked = told.parse_args()
    headers = {"Authorization": f"Bearer {asked.token}"} if asked.token else {}
    with httpx.Client(base_url=asked.address, headers=headers, timeout=60) as client:
        for name, row in read_all(client, asked.since):
            print(json.dumps({"list": name, **row}, ensure_ascii=False))


if __name__ == "__main__":
    main()
