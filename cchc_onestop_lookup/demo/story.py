"""Look-ups of the demo commune, entered by hand as a commune without a line does.

A wife is missing in the register although the couple married in 2022: the officer
records the discrepancy and a correction request goes to the police of the commune.
"""

from datetime import timedelta

from odoo import fields

_MARRIED = "Tình trạng hôn nhân"
_SPOUSE = "Họ tên vợ hoặc chồng"
_SPOUSES = {"male": "Trần Thị Hạnh", "female": "Trần Văn Hạnh"}
_PROGRAM = "Phần mềm dân cư của Công an xã"


def tell(env):
    """Look up the owners of three open dossiers of the commune."""
    commune = env.ref("cchc_onestop.demo_commune")
    dossiers = (
        env["cchc.dossier"]
        .sudo()
        .search(
            [
                ("company_id", "=", commune.id),
                ("is_open", "=", True),
                ("user_id", "!=", False),
                ("partner_id.cchc_identity_type", "=", "personal"),
                ("partner_id.cchc_identity", "!=", False),
            ],
            order="accepted_at desc, id desc",
            limit=3,
        )
    )
    for number, dossier in enumerate(dossiers):
        _look_up(dossier, wrong=number == 0)


def _look_up(dossier, wrong):
    officer = dossier.user_id
    context = {
        "allowed_company_ids": dossier.company_id.ids,
        "lang": "vi_VN",
        "tracking_disable": True,
    }
    env = dossier.env(user=officer, context=context)
    partner = env["res.partner"].browse(dossier.partner_id.id)
    service = env.ref("cchc_onestop_lookup.service_037")
    request = env["cchc.lookup.request"]._enter(
        service,
        partner.cchc_identity,
        env.ref("cchc_onestop_lookup.purpose_settle"),
        env["cchc.dossier"].browse(dossier.id),
        partner,
        [(field, _seen(field, partner, wrong)) for field in service.field_ids],
        source=_PROGRAM,
        source_at=fields.Datetime.now() - timedelta(minutes=20),
    )
    if not wrong:
        return
    value = request.value_ids.filtered(lambda value: value.name == _SPOUSE)
    discrepancy = env["cchc.lookup.discrepancy"].create(
        {
            "request_id": request.id,
            "name": value.name,
            "returned": value.returned,
            "on_paper": _SPOUSES.get(partner.cchc_sex, _SPOUSES["female"]),
            "evidence": "Giấy chứng nhận kết hôn số 15, ngày 20/05/2022, "
            "UBND xã Hải Trường",
        }
    )
    discrepancy.action_request_correction()


def _seen(field, partner, wrong):
    """What the program showed in one field."""
    held = partner[field.partner_field] if field.partner_field else ""
    if field.partner_field == "cchc_birth_date" and held:
        return f"{held:%d/%m/%Y}"
    if field.partner_field == "cchc_sex":
        return {"male": "Nam", "female": "Nữ"}.get(held, "")
    if field.partner_field == "street":
        return partner._cchc_address()
    if field.partner_field:
        return held or ""
    if field.name == _MARRIED:
        return "Chưa kết hôn" if wrong else "Đã kết hôn"
    return {"Dân tộc": "Kinh", "Quốc tịch": "Việt Nam"}.get(field.name, "")
