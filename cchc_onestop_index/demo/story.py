"""The indices of the demo commune: weekly previews, an evaluated month.

What the portal showed of the synchronised dossiers was entered by the chairman; the
month before is scored, one index appraised, approved and published, and the running
one is a draft.
"""

from datetime import timedelta

from odoo import fields


def tell(env):
    """Tell the story as the chief of the office and the chairman."""
    commune = env.ref("cchc_onestop.demo_commune")
    now = fields.Datetime.now()
    _departments(env, commune)
    _preview(env, commune, now)
    _evaluate(env, commune, now)


def _departments(env, commune):
    desk = env["hr.department"].search([("company_id", "=", commune.id)])
    commune.cchc_desk_department_ids = desk


def _person(env, login, commune):
    return env(
        user=env.ref(f"cchc_onestop.demo_user_{login}"),
        context={
            "allowed_company_ids": commune.ids,
            "lang": "vi_VN",
            "tracking_disable": True,
        },
    )


def _preview(env, commune, now):
    period = commune._cchc_index_period(commune._cchc_local_date(now))
    leader = _person(env, "lanhdao", commune)
    leader["cchc.index.input"].create(
        {
            "company_id": commune.id,
            "component_id": env.ref("cchc_onestop_index.component_dossier_sync").id,
            "date_from": period.start,
            "date_to": period.end,
            "numerator": 171,
            "denominator": 186,
            "source": "dichvucong.gov.vn, trang Bộ chỉ số phục vụ người dân, "
            "doanh nghiệp",
            "source_date": commune._cchc_local_date(now),
            "reason": "Số hồ sơ đồng bộ chỉ Cổng quốc gia ghi nhận",
        }
    )
    for weeks in (4, 3, 2, 1, 0):
        at = now - timedelta(weeks=weeks)
        if commune._cchc_index_period(commune._cchc_local_date(at)) == period:
            env["cchc.index.snapshot"]._take(commune, at)


def _evaluate(env, commune, now):
    chief, leader = (
        _person(env, login, commune) for login in ("phochutich", "lanhdao")
    )
    reviews = chief["cchc.settlement.review"]
    month = env.ref("cchc_onestop.period_rule_month")
    today = commune._cchc_local_date(now)
    values = {"company_id": commune.id, "period_rule_id": month.id}
    past = reviews.create({**values, "day": today.replace(day=1) - timedelta(days=1)})
    past.action_compute()
    line = past.line_ids.filtered(lambda line: line.number == 6)
    line._appraise(
        2.0, "Đoàn kiểm tra đã xem bảng niêm yết tại Trung tâm: đầy đủ, kịp thời"
    )
    past.action_submit()
    approved = leader["cchc.settlement.review"].browse(past.id)
    approved.validate_tier()
    approved.action_publish()
    reviews.create({**values, "day": today}).action_compute()
