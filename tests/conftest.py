"""What every test can use: servers and browsers from fixtures, and `need` for what must be installed."""

import os
import shutil

import pytest

pytest_plugins = ["fixture_store", "fixture_dovecot", "fixture_imap_script", "fixture_chromium"]


def need(program: str, *places: str) -> str:
    """The path of a program. Without it the test is skipped with the reason; with CI=true it fails."""
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *places]))
    if found is None:
        reason = f"{program} is not installed (scripts/system-packages)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
