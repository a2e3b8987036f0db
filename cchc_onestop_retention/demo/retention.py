"""An archivist, holds, a list for the archive and a disposal list of the demo commune.

The rule for certified copies keeps nothing after the end, so the demo has dossiers
whose term is over although all of it is only three months old.
"""

from odoo import fields


def _user(env, login):
    return env.ref(f"cchc_onestop.demo_user_{login}")


def load(env):
    """Work out the terms, and prepare the lists."""
    commune = env.ref("cchc_onestop.demo_commune")
    clerk = _user(env, "vanthu")
    clerk.group_ids += env.ref("cchc_onestop_retention.group_archive")
    env["cchc.dossier"]._retention_refresh()
    mine = env(
        user=clerk, context={"allowed_company_ids": commune.ids, "lang": "vi_VN"}
    )
    dossiers = mine["cchc.dossier"]
    past = dossiers.search(dossiers._retention_past(commune), order="ended_at")
    mine["cchc.retention.hold"].create(
        {
            "dossier_id": past[:1].id,
            "kind": "complaint",
            "reason": "Đang giải quyết khiếu nại về kết quả chứng thực",
        }
    )
    disposal = mine["cchc.disposal.list"].create(
        {
            "name": "Hồ sơ chứng thực bản sao hết thời hạn lưu",
            "member_ids": [
                fields.Command.create(
                    {
                        "name": _user(env, "phochutich").name,
                        "post": "Phó Chủ tịch UBND xã",
                        "role": "chair",
                    }
                ),
                fields.Command.create(
                    {"name": _user(env, "vanphong").name, "post": "Chánh Văn phòng"}
                ),
                fields.Command.create(
                    {
                        "name": clerk.name,
                        "post": "Văn thư, lưu trữ",
                        "role": "secretary",
                    }
                ),
            ],
        }
    )
    disposal.action_draw()
    disposal.line_ids[:1].write(
        {"keep": True, "keep_reason": "Còn cần đối chiếu với sổ chứng thực"}
    )
    disposal.action_submit()
    ended = dossiers.search(
        [("company_id", "=", commune.id), ("archive_due_on", "!=", False)],
        order="ended_at",
        limit=6,
    )
    mine["cchc.archive.handover"].create(
        {
            "name": "Hồ sơ quý này của Văn phòng",
            "receiver_id": clerk.id,
            "line_ids": [
                fields.Command.create(
                    {"dossier_id": dossier.id, "box": "01", "sheets": 8 + index}
                )
                for index, dossier in enumerate(ended)
            ],
        }
    )
