"""Processes of the demo commune for every shipped procedure, from the templates."""

from dateutil.relativedelta import relativedelta

from odoo import Command, fields

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
#: Statutory amount → amount the commune commits to, in the same unit.
CUTS = {3: 2, 5: 3, 7: 5, 8: 6, 10: 7, 12: 9, 15: 12, 20: 15, 25: 20, 30: 25}
CUT_COUNT = 36


def generate(env, today):
    """Make and publish the processes; 36 of them commit to less than the law allows.

    :param env: environment of the manager of the commune
    :param today: day of installation
    """
    valid_from = max(
        today - relativedelta(months=5, day=1), fields.Date.to_date("2025-07-01")
    )
    desk_fields = _sectors(env, AT_THE_DESK)
    desk = _wizard(env, "process_template_desk", valid_from, desk_fields)
    desk.publish = True
    desk.action_generate()
    others = env["cchc.sector"].search([]) - desk_fields
    wizard = _wizard(env, "process_template_commune", valid_from, others)
    processes = env["cchc.process"].browse(wizard.action_generate()["domain"][0][2])
    decision = env["cchc.publication.decision"].create(
        {
            "number": "518/QĐ-UBND",
            "name": "Cắt giảm thời gian giải quyết 36 thủ tục hành chính",
            "date": valid_from - relativedelta(days=10),
            "issuer": "Chủ tịch UBND xã Hải Trường",
            "kind": "time",
        }
    )
    for process in _to_cut(processes):
        term = process._get_statutory_term()
        process.write(
            {
                "decision_id": decision.id,
                "committed_amount": CUTS[term.amount],
                "committed_unit": term.unit,
                "step_ids": [Command.clear()],
            }
        )
        process.step_ids = wizard.template_id._prepare_steps(
            process.committed_hours,
            lambda role, sector=process.sector_id: wizard._find_actors(sector, role),
        )
    processes._publish_or_explain()
    return processes


def _sectors(env, names):
    return env["cchc.sector"].search([("name", "in", names)])


def _to_cut(processes):
    """Return the processes to shorten, taken from one field after the other."""
    by_field = processes.filtered(
        lambda process: (
            process._get_statutory_term()
            and process._get_statutory_term().amount in CUTS
            and process._get_statutory_term().unit in ("working_day", "calendar_day")
        )
    ).grouped("sector_id")
    queues = [list(group) for group in by_field.values()]
    chosen = processes.browse()
    while queues and len(chosen) < CUT_COUNT:
        for queue in queues:
            if len(chosen) < CUT_COUNT:
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
            "publish": False,
            "mapping_ids": [Command.clear(), *parts],
        }
    )
