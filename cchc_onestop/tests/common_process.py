import json
import subprocess
import sys
from pathlib import Path

from odoo.tests import get_db_name
from odoo.tools import config


def run_apart(script, job):
    """Run a script of this folder in a process of its own; return what it prints.

    The registry of the test runner is locked while tests run, so its threads could not
    open environments.

    :param job: what the script is told, as JSON
    :raises AssertionError: when the script fails
    """
    options = [
        f"--database={get_db_name()}",
        f"--addons-path={','.join(map(str, config['addons_path']))}",
        f"--data-dir={config['data_dir']}",
        "--log-level=error",
        "--no-http",
    ]
    for option in ("db_host", "db_port", "db_user", "db_password"):
        if config[option]:
            options.append(f"--{option}={config[option]}")
    done = subprocess.run(
        [
            sys.executable,
            Path(__file__).parent / script,
            *options,
            "--",
            json.dumps(job),
        ],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
