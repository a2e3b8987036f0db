"""Signing results, beside pyHanko alone; checking signatures, beside ``pdfsig``.

Ours is the leader's click: approval of the dossier, the place found above his name, the
stamp drawn, the file signed with a PKCS#12 key, checked, kept and written to the
ledger, committed. Beside it pyHanko signs the same file in memory at a fixed place.
"""

import base64
import io
import shutil
import statistics
import subprocess
import tempfile
from datetime import datetime, timezone

import world
from common import SETTINGS, Request, percentile, row, timed

from odoo import Command

from odoo.addons.cchc_onestop.tools.pdf import render_pdf
from odoo.addons.cchc_onestop_sign.demo.authority import Authority
from odoo.addons.cchc_onestop_sign.tools import pdf_check

PASSPHRASE = "đo lường 123"


def run(env):
    """Return the rows of the table of results."""
    name = env.cr.dbname
    authority = Authority(moment=datetime.now(timezone.utc))
    leader, dossiers, content, pkcs12 = _prepare(env, authority)
    rows, signed = _sign(name, leader, dossiers, content, pkcs12)
    return [*rows, _check(signed, authority)]


def _prepare(env, authority):
    found = world.find(env)
    found.leader.name = "Nguyễn Văn Thành"
    env["cchc.trust.root"].create(
        {"certificate": base64.b64encode(authority.der(authority.cert))}
    )
    provider = env["cchc.signature.provider"].create(
        {"name": "Tệp", "kind": "pkcs12", "company_id": found.company.id}
    )
    pkcs12 = authority.pkcs12(*authority.issue(found.leader.name), PASSPHRASE)
    env["cchc.signature.key"].create(
        {
            "provider_id": provider.id,
            "use": "person",
            "user_id": found.leader.id,
            "passphrase": PASSPHRASE,
            "pkcs12": base64.b64encode(pkcs12),
        }
    )
    content = render_pdf(
        [
            "<style>@page { size: A4 }</style><p>Giấy xác nhận</p>"
            f"<p style='margin: 120mm 0 0 90mm'>{found.leader.name}</p>"
        ]
    )
    draft = world.draft_values(found)
    dossiers = (
        env["cchc.dossier"]
        .with_user(found.desk)
        .create([draft] * SETTINGS.volume(40, 3))
    )
    dossiers.action_accept()
    for dossier in dossiers.with_user(found.handler):
        dossier.action_pass_step()
        _add_result(dossier, content)
    env.cr.commit()
    return found.leader.id, dossiers.ids, content, pkcs12


def _add_result(dossier, content):
    attachment = dossier.env["ir.attachment"].create(
        {
            "name": "ket-qua.pdf",
            "raw": content,
            "res_model": "cchc.dossier.document",
        }
    )
    dossier.env["cchc.dossier.document"].create(
        {
            "dossier_id": dossier.id,
            "name": "Giấy xác nhận",
            "is_result": True,
            "attachment_ids": [Command.link(attachment.id)],
        }
    )


def _sign(name, leader, dossiers, content, pkcs12):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    ours, peers, queries = [], [], []
    signer = signers.SimpleSigner.load_pkcs12_data(
        pkcs12, other_certs=[], passphrase=PASSPHRASE.encode()
    )

    def click(number):
        with Request(name, leader) as env:
            env["cchc.dossier"].browse(number).action_sign_digitally()
            env.cr.commit()
            queries.append(env.cr.sql_log_count)

    def bare():
        return signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name="Sig1",
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
            ),
            signer,
            new_field_spec=fields.SigFieldSpec("Sig1", box=(300, 300, 500, 400)),
        ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)))

    click(dossiers[0])
    bare()
    for number in dossiers[1:]:
        ours.append(timed(click, number)[0])
        peers.append(timed(bare)[0])
    with Request(name, leader) as env:
        results = env["cchc.dossier"].browse(dossiers).result_document_ids
        valid = len(results.filtered(lambda line: line.signature_status == "valid"))
        signed = results[:1].sudo().attachment_ids.raw
    middle, peer = statistics.median(ours), statistics.median(peers)
    return [
        row(
            "approve a dossier and sign its result (PAdES, PKCS#12)",
            1000 * middle,
            1000 * peer,
            "ms",
            middle / peer,
            "≤ 1 000 ms, all valid",
            middle <= 1 and valid == len(dossiers),
            f"{valid} of {len(dossiers)} valid; {queries[-1]} queries; p95 "
            f"{1000 * percentile(ours, 0.95):.0f} ms; beside it pyHanko alone, "
            "without approval, place, stamp and check",
        )
    ], signed


def _check(signed, authority):
    roots = [authority.der(authority.cert)]
    now = datetime.now(timezone.utc)
    anew = []
    for _turn in range(SETTINGS.volume(5, 1)):
        pdf_check.READER.stop()
        anew.append(timed(pdf_check.check, signed, roots)[0])
    facts = pdf_check.check(signed, roots)
    mine = [
        timed(pdf_check.check, signed, roots)[0]
        for _turn in range(SETTINGS.volume(10, 1))
    ]
    plain = []
    if shutil.which("pdfsig"):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(signed)
            file.flush()
            plain = [
                timed(
                    lambda: subprocess.run(
                        ["pdfsig", "-nocert", file.name], capture_output=True
                    )
                )[0]
                for _turn in range(SETTINGS.volume(10, 1))
            ]
    ours = statistics.median(mine)
    peer = statistics.median(plain) if plain else None
    verdicts = [pdf_check.verdict(each, now) for each in facts]
    return row(
        "check the signature of an uploaded file, in a process of its own",
        1000 * ours,
        1000 * peer if peer else None,
        "ms",
        ours / peer if peer else None,
        "≤ 500 ms",
        ours <= 0.5,
        f"verdict {verdicts[0][0] if verdicts else 'none'}; "
        f"{1000 * statistics.median(anew):.0f} ms when its process has to be "
        "started first; beside it pdfsig of poppler without a look at the certificate",
    )
