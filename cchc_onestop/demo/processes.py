"""Processes of the demo commune for every shipped procedure, from the templates."""

from dateutil.relativedelta import relativedelta

from odoo import Command, fields

from .catalogue import PUBLISHED_AGO

#: Area: fields (lĩnh vực), department, who assigns and reviews, who handles.
AREAS = (
    (
        ("Hộ tịch", "Nuôi con nuôi", "Hòa giải cơ sở"),
        "office",
        "vanphong",
        "tuphap",
    ),
    (("Cư trú", "Căn cước"), "police", "congan", "congan"),
    (
        (
            "Bảo trợ xã hội",
            "Giảm nghèo",
            "Người có công",
            "Tín ngưỡng, tôn giáo",
            "Giáo dục và đào tạo",
        ),
        "culture",
        "vanxa",
        "xahoi",
    ),
    (
        (
            "Thành lập và hoạt động hộ kinh doanh",
            "Lưu thông hàng hóa trong nước",
            "Thủ tục minh họa",
        ),
        "economy",
        "kinhte",
        "taichinh",
    ),
    (("Đất đai", "Hoạt động xây dựng"), "economy", "kinhte", "diachinh"),
    (("Khiếu nại, tố cáo", "Tiếp cận thông tin"), "office", "vanphong", "vanthu"),
)
#: Settled at the desk on the spot, by the shorter template.
AT_THE_DESK = ("Chứng thực",)
#: The decision of the commune shortens so many procedures by this share.
CUT_PERCENT = 20
CUT_COUNT = 36
DAYS = ("working_day", "calendar_day")


def generate(env, today):
    """Make and publish the processes; 36 of them commit to less than the law allows.

    :param env: environment of the manager of the commune
    :param today: day of installation
    """
    valid_from = max(
        today - relativedelta(months=5, day=1), fields.Date.to_date("2025-07-01")
    )
    desk_fields = _sectors(env, AT_THE_DESK)
    others = env["cchc.sector"].search([]) - desk_fields
    _wizard(env, "process_template_desk", valid_from, desk_fields).action_generate()
    to_cut = _to_cut(
        _wizard(env, "process_template_commune", valid_from, others)._get_versions()
    )
    published = today - relativedelta(days=PUBLISHED_AGO)
    # some came into force in the meantime, and one was repealed again
    for day in (valid_from, published, today):
        rest = _wizard(env, "process_template_commune", day, others)
        if rest.todo_count:
            rest.action_generate()
    _shorten(env, to_cut, valid_from + relativedelta(months=1))


def _shorten(env, versions, day):
    """Apply the decision of the commune on shortened times."""
    decision = env["cchc.publication.decision"].create(
        {
            "number": "518/QĐ-UBND",
            "name": f"Cắt giảm thời gian giải quyết {CUT_COUNT} thủ tục hành chính",
            "date": day - relativedelta(days=10),
            "effective_date": day,
            "issuer": "Chủ tịch UBND xã Hải Trường",
            "kind": "time",
        }
    )
    reduction = env["cchc.time.reduction"].create(
        {
            "decision_id": decision.id,
            "company_id": env.ref("cchc_onestop.demo_commune").id,
            "note": "Thực hiện kế hoạch cải cách hành chính của xã.",
        }
    )
    env["cchc.time.reduction.fill"].create(
        {
            "reduction_id": reduction.id,
            "procedure_ids": [Command.set(versions.procedure_id.ids)],
            "cut_percent": CUT_PERCENT,
        }
    ).action_fill()
    reduction.action_apply()


def _sectors(env, names):
    return env["cchc.sector"].search([("name", "in", names)])


def _to_cut(versions):
    """Return the versions to shorten, taken from one field after the other."""

    def can_be_shorter(version):
        term = version._pick_time_limit()._get_term()
        return term and term.amount >= 3 and term.unit in DAYS

    queues = [
        list(group)
        for group in versions.filtered(can_be_shorter).grouped("sector_id").values()
    ]
    chosen = versions.browse()
    while queues and len(chosen) < CUT_COUNT:
        for queue in queues[: CUT_COUNT - len(chosen)]:
            chosen |= queue.pop(0)
        queues = [queue for queue in queues if queue]
    return chosen


def _wizard(env, template, valid_from, sectors):
    """Return the wizard with everybody's part in it."""

    def part(role, department, *logins, fields_=()):
        users = [env.ref(f"cchc_onestop.demo_user_{login}").id for login in logins]
        return Command.create(
            {
                "role": role,
                "sector_ids": [Command.set(_sectors(env, fields_).ids)],
                "department_id": env.ref(
                    f"cchc_onestop.demo_department_{department}"
                ).id,
                "user_ids": [Command.set(users)],
            }
        )

    parts = [
        part("receive", "centre", "motcua", "motcua2"),
        part("sign", "leaders"),
        part("clerk", "office", "vanthu"),
        part("return", "centre", "motcua", "motcua2"),
        part("handle", "centre", "motcua", fields_=AT_THE_DESK),
    ]
    for names, department, head, handler in AREAS:
        parts += [
            part("assign", department, head, fields_=names),
            part("handle", department, handler, fields_=names),
            part("review", department, head, fields_=names),
        ]
    return env["cchc.process.generate"].create(
        {
            "company_id": env.ref("cchc_onestop.demo_commune").id,
            "template_id": env.ref(f"cchc_onestop.{template}").id,
            "sector_ids": [Command.set(sectors.ids)],
            "valid_from": valid_from,
            "mapping_ids": [Command.clear(), *parts],
        }
    )
