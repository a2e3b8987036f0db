"""Scans for the demo commune: most of what must be digitised is, one stack waits.

The pages are drawn, not copied from any person's papers.
"""

import html
import io

from odoo.addons.cchc_onestop.tools import pdf, picture_pdf

from ..tools import pages

#: Dossiers of the last weeks that get scans, and of them every so many-th lacks one.
MOST, LACKING = 36, 4
DPI = 200


def tell(env):
    """Scan the parts of the latest dossiers and leave a stack to be reviewed."""
    commune = env.ref("cchc_onestop.demo_commune", raise_if_not_found=False)
    if not commune:
        return
    desk = env.ref("cchc_onestop.demo_user_motcua")
    env = env(
        user=desk.id,
        context={
            "allowed_company_ids": commune.ids,
            "lang": "vi_VN",
            "tracking_disable": True,
        },
    )
    dossiers = env["cchc.dossier"].search(
        [
            ("company_id", "=", commune.id),
            ("accepted_at", "!=", False),
            ("state", "!=", "void"),
            ("parent_id", "=", False),
        ],
        order="accepted_at desc, id desc",
    )
    dossiers.document_ids._digitise_settle()
    env.flush_all()
    wanted = dossiers.filtered(lambda d: d.digitise_state == "missing")[:MOST]
    for place, dossier in enumerate(wanted):
        parts = dossier.document_ids.filtered("digitise_required")
        if place % LACKING == 1:
            parts = parts[1:]
        for part in parts:
            part._digitise_store("scan.pdf", _scan(part), "upload")
    _leave_stack(env, commune, wanted)


def _leave_stack(env, commune, dossiers):
    """A stack of two dossiers, whose separators were scanned with their papers."""
    lacking = dossiers.filtered(lambda d: d.digitise_state == "missing")[:2]
    if not lacking:
        return
    # a PDF also where the demo is installed together with its tests
    report = env["ir.actions.report"].with_context(force_report_rendering=True)
    sheets = []
    for dossier in lacking:
        content = report._render_qweb_pdf(
            "cchc_onestop_digitise.report_separators", dossier.ids
        )[0]
        separators = _pictures(content)
        parts = dossier.document_ids.filtered(lambda row: not row.shared_from_id)
        parts = parts.sorted(lambda row: (row.sequence, row.id))
        for separator, part in zip(separators, parts, strict=True):
            sheets += [separator, *_pictures(_scan(part))]
    name = "may-quet-mot-cua_0001.pdf"
    batch = env["cchc.scan.batch"]._take(
        [name], [picture_pdf.from_pictures(sheets)], commune
    )
    while batch.state == "reading":
        batch._batch_split({"batch": batch.id}, lambda done, total: None)


def _pictures(content):
    """Return the pages of a PDF as a scanner would send them: JPEG, grey, 200 dpi."""
    found = []
    with pages.opened(content) as document:
        for number in range(len(document)):
            picture = pages._render(document, number, DPI, grey=True)
            target = io.BytesIO()
            picture.save(target, "JPEG", quality=45, dpi=(DPI, DPI))
            found.append(target.getvalue())
    return found


def _scan(part):
    """Return the scan of a part of a dossier: one drawn page."""
    dossier = part.dossier_id
    text = html.escape
    body = (
        "<style>@page { size: A4; margin: 25mm } body { font: 14pt 'Liberation Serif',"
        "'Noto Serif', serif } h1 { text-align: center; font-size: 19pt }"
        "p.c { text-align: center }</style>"
        "<p class='c'><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br/>"
        "Độc lập - Tự do - Hạnh phúc</p>"
        f"<h1>{text(part.name.upper())}</h1>"
        f"<p>Họ và tên: <b>{text(dossier.applicant_name or '')}</b></p>"
        f"<p>Kèm hồ sơ: {text(dossier.name or '')}</p>"
        f"<p>Thủ tục: {text(dossier.procedure_id.name or '')}</p>"
        "<p>Dữ liệu minh họa, không phải giấy tờ thật.</p>"
    )
    return picture_pdf.from_pictures(_pictures(pdf.render_pdf([body])))
