"""The register (form 07) of 100,000 dossiers as a workbook.

Beside bare xlsxwriter, which writes the same cells from memory, and Odoo's own export
of the list with the same columns.
"""

import io
import resource
import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import xlsxwriter
from common import SETTINGS, row, say, timed
from generate import Generator

from odoo.addons.web.controllers import export

#: Fields that Odoo's export needs for the columns of the register.
FIELDS = (
    *("name", "procedure_id/name", "sets", "applicant_name", "applicant_address"),
    *("applicant_phone", "company_id/name", "accepted_at", "due_at", "returned_at"),
    *("result_channel", "note"),
)


def run(env):
    """Return the rows of the table of results."""
    count = SETTINGS.volume(100_000, 2_000)
    Generator(env, companies=1).fill(count, 1)
    env.cr.commit()
    wizard = env["cchc.register"].create(
        {"date_from": "2015-01-01", "date_to": "2030-01-01"}
    )
    wizard.company_id = Generator(env, companies=1).agencies[0].id
    rows = list(wizard._rows())
    columns = wizard._columns()
    ours, peer, growths = [], [], []
    for _repeat in range(SETTINGS.volume(3, 2)):
        peer.append(timed(_bare, columns, rows)[0])
        rows = None
        before = _reset_peak()
        seconds, content = timed(wizard._workbook)
        growths.append(_peak() - before)
        ours.append(seconds)
        rows = list(wizard._rows())
        say(f"register {seconds:.1f} s, bare {peer[-1]:.1f} s, +{growths[-1]:.0f} MB")
    own, _content = timed(_odoo, env, wizard)
    mine, bare, growth = min(ours), min(peer), max(growths)
    total = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = f"{len(content) / 2**20:.1f} MB, {len(rows):,} rows"
    return [
        row(
            f"register of {len(rows):,} rows to xlsx, beside bare xlsxwriter",
            mine,
            bare,
            "s",
            mine / bare,
            "≤ 1.5",
            mine <= 1.5 * bare,
            f"{size}; the same cells from memory",
        ),
        row(
            "memory that the register takes beyond the idle server",
            growth,
            200,
            "MB",
            growth / 200,
            "≤ 200 MB",
            growth <= 200,
            f"peak of the whole process in this run {total:.0f} MB (other steps too)",
        ),
        row(
            f"register of {len(rows):,} rows, beside Odoo's own export of the list",
            mine,
            own,
            "s",
            own / mine,
            "≥ 5",
            own >= 5 * mine,
            f"{len(FIELDS)} columns exported by Odoo",
        ),
    ]


def _bare(columns, rows):
    """Write the cells with nothing but xlsxwriter, in constant memory as well."""
    workbook = xlsxwriter.Workbook(
        io.BytesIO(), {"constant_memory": True, "strings_to_formulas": False}
    )
    sheet = workbook.add_worksheet()
    style = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    for line, values in enumerate(rows):
        for index, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(line, index, value, style)
            else:
                sheet.write_string(line, index, value or "", style)
    workbook.close()


def _odoo(env, wizard):
    """Export the same dossiers as the button of Odoo's list does."""
    dossiers = env["cchc.dossier"].search(
        [("company_id", "=", wizard.company_id.id), ("accepted_at", "!=", False)]
    )
    start = time.perf_counter()
    rows = dossiers.export_data(list(FIELDS))["datas"]
    with patch.object(export, "request", SimpleNamespace(env=env)):
        content = export.ExcelExport().from_data(
            [{"name": name, "type": "char"} for name in FIELDS], list(FIELDS), rows
        )
    say(f"Odoo's export: {len(rows):,} rows in {time.perf_counter() - start:.1f} s")
    return content


def _status(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise ValueError(name)


def _reset_peak():
    """Forget the peak of memory so far; return what is used now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak():
    return _status("VmHWM")
