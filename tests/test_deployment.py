"""The files that a deployment begins with fit the program, and it works with nothing writable but its folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import need
from fixture_inbox import NOW, Inbox, inbox, message
from httpx import Client
from test_monitoring import asked

from api.zone import offset_of
from commands.settings_reference import references
from consultation.alarm_words import WORDS
from settings import Settings, load

__all__ = ["inbox"]
ROOT = Path(__file__).parent.parent
NAMES = {row.variable for row in references()} | {"KUNMING_CONFIG"}
FILES = ("Dockerfile", "compose.yaml", "deploy/kunming.service", "deploy/nginx.conf", "deploy/Caddyfile")


@pytest.mark.parametrize("name", [*FILES, "docs/operate.md", "README.md"])
def test_what_is_set_in_it_is_a_setting(name: str) -> None:
    said = set(re.findall(r"\bKUNMING_[A-Z_]+[A-Z]", (ROOT / name).read_text("utf-8")))
    assert said - NAMES - {"KUNMING_MAILBOX_OUTCOME__PASSWORD_FILE"} == set()


@pytest.mark.parametrize(
    ("name", "margin"), [("deploy/nginx.conf", "#     "), ("deploy/Caddyfile", "#     "), ("docs/operate.md", "    ")]
)
def test_its_settings_are_taken(name: str, margin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / name).read_text("utf-8")
    indented = re.findall(rf"(?:^{margin}.*\n(?:^#?\n(?=^{margin}))?)+", text, re.MULTILINE)
    blocks = [block for block in indented if re.match(rf'{margin}[a-z_]+ = "', block)]
    assert blocks
    for block in blocks:
        (tmp_path / "kunming.toml").write_text(re.sub(rf"^(?:{margin}|#$)", "", block, flags=re.MULTILINE))
        Settings()


def test_every_alarm_stands_in_the_operators_book_with_what_to_do() -> None:
    book = " ".join((ROOT / "docs" / "operate.md").read_text("utf-8").split())
    for kind, words in WORDS.items():
        assert f"`{kind}`" in book
        assert " ".join(words.means.split()) in book, kind
        assert " ".join(words.do.split()) in book, kind


def test_the_image_has_the_programs_that_the_tests_need_for_reading() -> None:
    image, listed = ((ROOT / name).read_text("utf-8") for name in ("Dockerfile", "scripts/system-packages"))
    needed = [name for name in re.findall(r"(?:libreoffice|tesseract)[\w-]+", listed) if name != "tesseract"]
    assert [name for name in needed if name not in image] == []


SERVICE = {
    "build", "image", "restart", "depends_on", "ports", "environment", "volumes", "secrets", "read_only", "tmpfs",
    "cap_drop", "security_opt", "stop_grace_period", "healthcheck",
}  # fmt: skip
"""Of the keys of a service in the Compose Specification those that are used here."""


def test_the_compose_file_names_what_it_declares_and_gives_no_more_than_needed() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert set(compose) == {"services", "secrets", "volumes"}
    for name, service in compose["services"].items():
        assert set(service) <= SERVICE, name
        assert set(service["secrets"]) <= set(compose["secrets"])
        named = {one.partition(":")[0] for one in service["volumes"]} - {"./kunming.toml"}
        assert named <= set(compose["volumes"])
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert compose["services"][other]["healthcheck"]["test"]
    ours = compose["services"]["kunming"]
    assert (ours["read_only"], ours["cap_drop"], ours["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    assert all(port.startswith("127.0.0.1:") for port in ours["ports"])
    assert "ports" not in compose["services"]["database"]
    assert all(set(one) == {"file"} for one in compose["secrets"].values())


def test_the_settings_of_the_compose_file_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["kunming"]["environment"]
    for name, value in environment.items():
        monkeypatch.setenv(name, str(tmp_path / "kunming.toml") if name == "KUNMING_CONFIG" else value)
    (tmp_path / "kunming.toml").write_text("")
    (tmp_path / "database").write_text("secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load().database_url == "postgresql+psycopg://kunming:secret@database/kunming"


@pytest.mark.outside
def test_the_unit_of_systemd_is_hardened() -> None:
    program = need("systemd-analyze")
    said = subprocess.run(
        [program, "security", "--offline=true", "--no-pager", str(ROOT / "deploy/kunming.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for kunming\.service: ([\d.]+)", said.stdout)
    if found is None:
        pytest.skip(f"systemd-analyze does not say: {said.stderr}")
    assert float(found[1]) <= 3.0


@pytest.mark.outside
def test_an_audit_that_reaches_no_service_says_so_in_one_line() -> None:
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "PATH": os.environ["PATH"], "BIN": str(Path(sys.executable).parent)}
    ended = subprocess.run([ROOT / "scripts/audit"], env=nowhere, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (75, "", 1)
    assert "cannot be reached from here" in ended.stderr


@pytest.fixture
def read_only(tmp_path: Path) -> list[str]:
    """The beginning of a command line: all file systems are read-only but a folder, and no rights are left. There is a
    private /var/tmp, as containers and systemd give one: LibreOffice has its socket there or in /tmp, and nowhere else.
    """
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    script = f"""
        set -eu
        mount --make-rprivate / && mount --bind {folder} {folder}
        mount -t tmpfs -o size=16m,mode=1777 tmpfs /var/tmp
        cut -d ' ' -f 2 /proc/self/mounts |
        grep -v -e '^{folder}$' -e '^/proc' -e '^/var/tmp$' |
        while read -r place; do
          mount -o remount,ro,bind "$place" 2>/dev/null || true
        done
        cd {folder}
        exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
    """
    namespace = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-current-user", "--mount"]
    command = [need("unshare"), *namespace, "sh", "-c", script, "sh"]
    tried = subprocess.run(
        [*command, "sh", "-c", f"! touch {tmp_path}/no && touch yes"], check=False, capture_output=True
    )
    if tried.returncode or (tmp_path / "no").exists() or shutil.which("setpriv") is None:
        pytest.skip("file systems cannot be made read-only here")
    return command


@pytest.mark.outside
def test_it_works_with_nothing_writable_but_its_folder(read_only: list[str], tmp_path: Path) -> None:
    known = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment = known | {"PYTHONPATH": str(ROOT), "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}

    def kunming(*arguments: str) -> str:
        command = [*read_only, sys.executable, "-c", "from cli import main; main()", *arguments]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    (tmp_path / "old.rtf").write_text(r"{\rtf1 In paragraph 5, delete \'93effective\'94.}")
    assert "22 mails found, 22 new" in kunming("import", str(ROOT / "examples"))
    assert '"converted"' in kunming("read", "--json", str(tmp_path / "old.rtf")) or shutil.which("soffice") is None
    assert {row["state"] for row in json.loads(kunming("status", "--json"))["parties"]} >= {"commented", "none"}
    kunming("backup", "backup")
    assert "0 faults" in kunming("verify")
    assert sorted(one.name for one in (tmp_path / "data").iterdir()) == ["backup", "data", "yes"]


# --- times in the zone of the settings --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("UTC", "8 Sep 2021, 03:30"), ("Asia/Shanghai", "8 Sep 2021, 11:30"), ("America/St_Johns", "8 Sep 2021, 01:00")],
)
def test_pages_show_times_in_the_zone_of_the_settings(inbox: Inbox, zone: str, shown: str) -> None:
    inbox.mail(message("NOR"))
    inbox.poll()
    with asked(inbox, Settings(timezone=zone)) as client:
        page = _page(client)
    offset = {"UTC": "UTC", "Asia/Shanghai": "UTC+8", "America/St_Johns": "UTC−2:30"}[zone]
    assert f"{shown} <abbr" in page
    assert f">{offset}</abbr>" in page


def _page(client: Client) -> str:
    answer = client.get("/mails")
    assert answer.status_code == 200
    return answer.text


def test_an_offset_of_none_is_utc() -> None:
    assert offset_of(NOW) == "UTC"
