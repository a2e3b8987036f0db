"""The commune's reports of the last period and of the running one, the neighbour's late
one, and the yearly one of the province. All of it is invented.
"""

from datetime import datetime, timedelta

from odoo import fields

from odoo.addons.cchc_onestop.tools.guard import unlocked

KINDS = ("q1", "half", "q3", "year")
#: What the officer wrote, by the heading of the section.
WORDS = {
    "Kết quả đạt được": "Công tác cải cách hành chính được Đảng ủy, UBND xã quan tâm "
    "chỉ đạo; các nhiệm vụ cơ bản thực hiện đúng tiến độ.\nHồ sơ thủ tục hành chính "
    "được tiếp nhận, giải quyết qua hệ thống thông tin giải quyết thủ tục hành chính.",
    "Tồn tại, hạn chế và nguyên nhân": "Một số hồ sơ lĩnh vực đất đai còn giải quyết "
    "quá hạn do phải phối hợp xác minh thực địa.\nCán bộ, công chức làm công tác cải "
    "cách hành chính còn kiêm nhiệm nhiều việc.",
    "Phương hướng, nhiệm vụ trọng tâm kỳ tới": "Tiếp tục thực hiện các nhiệm vụ còn "
    "lại của kế hoạch; không để hồ sơ trễ hẹn.\nTăng cường tuyên truyền, hướng dẫn "
    "người dân nộp hồ sơ trực tuyến.",
    "Kiến nghị, đề xuất": "Đề nghị cấp trên tổ chức tập huấn sử dụng chữ ký số và kết "
    "nối các phần mềm liên thông.",
}


def tell(env):
    """Tell the reports."""
    commune = env.ref("cchc_onestop.demo_commune")
    neighbour = env.ref("cchc_onestop.demo_neighbour")
    province = env.ref("base.main_company")
    today = fields.Date.context_today(env.user)
    rules = env["cchc.reform.report.rule"].search([("kind", "in", KINDS)])
    windows = [
        (rule, window)
        for rule in rules
        for year in (today.year - 1, today.year, today.year + 1)
        for window in rule._to_rule().windows(year)
    ]
    rule, last = max(
        (pair for pair in windows if pair[1].due < today), key=lambda p: p[1].date_to
    )
    sent = _draft(env, "vanphong", commune, rule, last)
    _write(sent)
    _type(sent)
    _send(env, sent, ("vanphong", "lanhdao"), "46/BC-UBND", last.date_to, 9)
    other = _draft(env, "hailang", neighbour, rule, last)
    _send(env, other, ("hailang", "hailang2"), "31/BC-UBND", last.due, 2)
    rule, running = min(
        (pair for pair in windows if pair[1].date_from <= today <= pair[1].date_to),
        key=lambda p: p[1].date_to,
    )
    draft = _draft(env, "vanphong", commune, rule, running)
    _override(draft)
    yearly = env.ref("cchc_reform.report_rule_year")
    _draft(env, "tinh", province, yearly, yearly._last_window(today))


def _user(env, login):
    return env["res.users"].sudo().search([("login", "=", login)])


def _draft(env, login, company, rule, window):
    user = _user(env, login)
    report = (
        env["cchc.reform.report"]
        .with_user(user)
        .with_context(allowed_company_ids=company.ids)
        .create(
            {
                "rule_id": rule.id,
                "company_id": company.id,
                "date_from": window.date_from,
                "date_to": window.date_to,
                "responsible_id": user.id,
            }
        )
    )
    report.action_collect()
    return report


def _write(report):
    for section in report.section_ids:
        if words := WORDS.get(section.name):
            section.body = words


def _type(report):
    figure = report.figure_ids.filtered(lambda row: row.key == "disbursement")
    figure.write(
        {
            "numerator": 5_420,
            "denominator": 7_850,
            "source": "Báo cáo giải ngân của Kho bạc Nhà nước khu vực",
        }
    )
    report.action_collect()


def _override(report):
    """State three dossiers more: they came on paper while the line was down."""
    for key in ("dossier_received", "dossier_total", "dossier_open"):
        figure = report.figure_ids.filtered(lambda row, key=key: row.key == key)
        figure.write(
            {
                "is_overridden": True,
                "override_value": figure.measured + 3,
                "override_reason": "Bổ sung 03 hồ sơ tiếp nhận giấy khi mất đường "
                "truyền, chưa nhập hệ thống",
            }
        )
    report.action_collect()


def _send(env, report, people, number, day, hour):
    """Approve and send a report; it was sent a while ago, not when the demo loads."""
    officer, leader = (_user(env, login) for login in people)
    report.with_user(officer).action_submit()
    report.with_user(leader).validate_tier()
    report.write({"number": number, "date": day, "signer_id": leader.id})
    report.action_send()
    kept = unlocked(report.sudo())
    kept.submitted_at = datetime.combine(day, datetime.min.time()) + timedelta(
        hours=hour
    )
    kept.collected_at = kept.submitted_at - timedelta(hours=1)
    kept.checksum = kept._digest()
