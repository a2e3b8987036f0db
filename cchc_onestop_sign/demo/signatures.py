"""Certificates of an invented authority, and results that leaders signed with them."""

import base64

from odoo.addons.cchc_onestop.tools.pdf import render_pdf

from . import images
from .authority import Authority

_PASSPHRASE = "demo"
_SIGNERS = ("lanhdao", "phochutich")
_RESULT = """<style>@page {{ size: A4; margin: 20mm 20mm 20mm 30mm }}
body {{ font: 13pt 'Liberation Serif', 'Noto Serif', serif; line-height: 1.4 }}
.head {{ display: flex; justify-content: space-between; text-align: center }}
h1 {{ text-align: center; font-size: 15pt; margin: 14mm 0 2mm }}
.sign {{ margin: 12mm 0 0 90mm; text-align: center }}
.name {{ margin-top: 30mm; font-weight: bold }}</style>
<div class="head"><div><b>{agency}</b><br>Mã hồ sơ: {code}</div>
<div><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>
<b>Độc lập - Tự do - Hạnh phúc</b></div></div>
<h1>KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH</h1>
<p style="text-align: center">(Dữ liệu minh họa, không có giá trị pháp lý)</p>
<p>{agency} xác nhận kết quả giải quyết thủ tục “{procedure}” theo đề nghị của
<b>{applicant}</b>, {address}.</p>
<p>Kết quả được cấp bản điện tử có chữ ký số của người có thẩm quyền và của cơ quan;
công dân dùng bản này thay cho bản giấy.</p>
<div class="sign"><b>{title}</b><div class="name">{name}</div></div>"""


def _user(env, login):
    return env.ref(f"cchc_onestop.demo_user_{login}")


def load(env):
    """Load the certificates; add results and sign some of them."""
    authority = Authority("CA thử nghiệm Hải Trường")
    env["cchc.trust.root"].create(
        {
            "certificate": base64.b64encode(authority.der(authority.cert)),
            "crl": base64.b64encode(authority.crl()),
            "note": "Tự tạo khi cài dữ liệu minh họa",
        }
    )
    commune = env.ref("cchc_onestop.demo_commune")
    provider = env["cchc.signature.provider"].create(
        {
            "name": "Tệp chứng thư số (minh họa)",
            "kind": "pkcs12",
            "company_id": commune.id,
        }
    )
    for seed, login in enumerate(_SIGNERS, 3):
        user = _user(env, login)
        _key(env, provider, authority, user.name, images.signature(seed), 45, user)
    _key(env, provider, authority, commune.name, images.seal(), 36)
    _user(env, "vanthu").group_ids += env.ref("cchc_onestop_sign.group_seal")
    _results(env, commune)


def _key(env, provider, authority, name, image, width, user=None):
    certificate, private = authority.issue(name)
    key = env["cchc.signature.key"].create(
        {
            "provider_id": provider.id,
            "use": "person" if user else "agency",
            "user_id": user.id if user else False,
            "image": base64.b64encode(image),
            "image_width": width,
            "passphrase": _PASSPHRASE,
            "pkcs12": base64.b64encode(
                authority.pkcs12(certificate, private, _PASSPHRASE)
            ),
        }
    )
    return key


def _results(env, commune):
    """Give dossiers at the signer's their result, and sign the last ones returned."""
    dossiers = env["cchc.dossier"].with_context(
        lang="vi_VN", allowed_company_ids=commune.ids
    )
    own = [("company_id", "=", commune.id), ("parent_id", "=", False)]
    waiting = dossiers.search(
        [*own, ("state", "=", "to_sign"), ("signed_at", "=", False)]
    )
    ended = dossiers.search(
        [*own, ("state", "in", ("done", "returned")), ("signed_at", "!=", False)],
        order="ended_at desc",
        limit=12,
    )
    for dossier in waiting | ended:
        signer = (dossier._who_signed() or _user(env, _SIGNERS[0]))[:1]
        _result(dossier, signer)
    signed = 0
    for dossier in ended:
        signer = dossier._who_signed()[:1]
        if signer not in [_user(env, login) for login in _SIGNERS]:
            continue
        mine = dossier.with_user(signer).with_context(allowed_company_ids=commune.ids)
        mine._sign_result()
        signed += 1
        if signed > 1:
            clerk = dossier.with_user(_user(env, "vanthu"))
            clerk.with_context(allowed_company_ids=commune.ids)._seal_result()
        if signed == 4:
            break


def _result(dossier, signer):
    env = dossier.env
    content = render_pdf(
        [
            _RESULT.format(
                agency=dossier.company_id.name.upper(),
                code=dossier.name,
                procedure=dossier.procedure_id.name,
                applicant=dossier.applicant_name,
                address=dossier.applicant_address or "",
                title="CHỦ TỊCH"
                if signer.login == "lanhdao"
                else "KT. CHỦ TỊCH<br>PHÓ CHỦ TỊCH",
                name=signer.name,
            )
        ]
    )
    attachment = env["ir.attachment"].create(
        {
            "name": f"{dossier.name}_KQ.pdf",
            "raw": content,
            "mimetype": "application/pdf",
            "res_model": "cchc.dossier.document",
        }
    )
    env["cchc.dossier.document"].create(
        {
            "dossier_id": dossier.id,
            "name": "Kết quả giải quyết",
            "is_result": True,
            "source": "efile",
            "kind": "electronic",
            "required": False,
            "attachment_ids": [(4, attachment.id)],
        }
    )
