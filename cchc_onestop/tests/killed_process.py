"""A real process of Odoo with its own connection, killed while it works."""

import signal
import subprocess
import sys

from odoo.tests import get_db_name
from odoo.tools import config


def kill_in_batch(test, script, number):
    """Run ``script`` in Odoo's shell and kill it before it commits batch ``number``.

    The script prints "batch done" before each commit and waits a moment.
    """
    process = subprocess.Popen(
        [
            sys.executable,
            sys.argv[0],
            "shell",
            "--no-http",
            f"--config={config['config']}",
            f"--database={get_db_name()}",
            f"--addons-path={','.join(config['addons_path'])}",
            f"--data-dir={config['data_dir']}",
            "--log-level=critical",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    test.addCleanup(process.stdout.close)
    process.stdin.write(script)
    process.stdin.close()
    seen = 0
    for line in process.stdout:
        seen += "batch done" in line
        if seen == number:
            process.send_signal(signal.SIGKILL)
            break
    test.assertEqual(process.wait(timeout=400), -signal.SIGKILL)
    test.assertEqual(seen, number)
