"""A minute of what scripts/soak.py does for twenty: appends, moves, expunges, kills; the sets are equal at the end."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import need


@pytest.mark.outside
@pytest.mark.timeout(240)
def test_a_minute_of_kills_loses_and_doubles_nothing() -> None:
    need("dovecot")
    script = Path(__file__).parent.parent / "scripts" / "soak.py"
    done = subprocess.run([sys.executable, str(script), "60"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none lost, none doubled" in done.stdout
