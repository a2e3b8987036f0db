"""The agency, the people and the procedure that the benchmarks work with.

Made through the ORM like real ones, and found again by what they are called. The
procedure has five parts and four steps; the peer gets a team with one SLA policy.
"""

from types import SimpleNamespace

from odoo import Command

UNIT_CODE = "H50.99"
LOGIN = "bench_{}"
PASSWORD = "bench-password"  # of throw-away databases
PARTS = 5
#: Working days of the procedure, and of the peer's policy.
DAYS = 3
STEPS = (
    ("Tiếp nhận", "receive", 0.5),
    ("Thụ lý", "handle", 8.0),
    ("Ký duyệt", "sign", 2.0),
    ("Trả kết quả", "return", 0.5),
)


def build(env):
    """Make the world and commit it."""
    env = env(context={**env.context, "tracking_disable": True})
    company = env["res.company"].create(
        {
            "name": "UBND xã Đo Lường",
            "cchc_unit_code": UNIT_CODE,
            "cchc_level": "commune",
        }
    )
    department = env["hr.department"].create(
        {"name": "Văn phòng", "company_id": company.id}
    )
    people = _people(env, company, department)
    _procedure(env, company, department, people)
    env["res.partner"].create(
        {
            "name": "Nguyễn Thị Hoa",
            "cchc_identity_type": "personal",
            "cchc_identity": "045190000123",
            "phone": "0912345678",
            "street": "Thôn Trường Xuân",
        }
    )
    _peer(env, people["desk"])
    env.cr.commit()


def find(env):
    """Return the world of this database as a namespace of records."""
    users = {
        name: env["res.users"].search([("login", "=", LOGIN.format(name))])
        for name in ("desk", "handler", "leader")
    }
    company = env["res.company"].search([("cchc_unit_code", "=", UNIT_CODE)])
    return SimpleNamespace(
        company=company,
        department=env["hr.department"].search([("company_id", "=", company.id)]),
        procedure=env["cchc.procedure"].search([("code", "=", "9.990001")]),
        partner=env["res.partner"].search([("cchc_identity", "=", "045190000123")]),
        team=env["helpdesk.ticket.team"].search([("name", "=", "Đo lường")]),
        **users,
    )


def draft_values(world):
    """Return what the reception screen sends for a known citizen."""
    version = world.procedure._version_at(company=world.company)
    dossier = world.procedure.env["cchc.dossier"].new(
        {"procedure_id": world.procedure.id, "company_id": world.company.id}
    )
    return {
        "procedure_id": world.procedure.id,
        "company_id": world.company.id,
        "receiving_company_id": world.company.id,
        "partner_id": world.partner.id,
        "applicant_name": "Nguyễn Thị Hoa",
        "applicant_identity": "045190000123",
        "applicant_phone": "0912345678",
        "applicant_address": "Thôn Trường Xuân",
        "document_ids": [
            Command.create({**values, "received": True})
            for values in dossier._document_vals(version)
        ],
        "fee_ids": [Command.create(values) for values in dossier._fee_vals(version)],
    }


def ticket_values(world, number=0):
    """Return what the peer's form sends."""
    return {
        "name": f"Xác nhận {number}",
        "description": "<p>Xác nhận</p>",
        "partner_id": world.partner.id,
        "team_id": world.team.id,
    }


def _people(env, company, department):
    groups = {
        "desk": ["cchc_onestop.group_desk", "helpdesk_mgmt.group_helpdesk_user"],
        "handler": ["cchc_onestop.group_handler"],
        "leader": ["cchc_onestop.group_leader"],
    }
    people = {}
    for name, xmlids in groups.items():
        user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name.capitalize(),
                    "login": LOGIN.format(name),
                    "password": PASSWORD,
                    "tz": "Asia/Ho_Chi_Minh",
                    "lang": "vi_VN",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set([env.ref(xmlid).id for xmlid in xmlids])],
                }
            )
        )
        env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "department_id": department.id,
                "job_title": "Công chức",
            }
        )
        people[name] = user
    return people


def _procedure(env, company, department, people):
    procedure = env["cchc.procedure"].create(
        {
            "code": "9.990001",
            "name": "Xác nhận đo lường",
            "sector_id": env["cchc.sector"].create({"name": "Đo lường"}).id,
        }
    )
    limit = {
        "amount": DAYS,
        "unit": "working_day",
        "fee_ids": [Command.create({"name": "Lệ phí", "amount": 8000})],
    }
    version = env["cchc.procedure.version"].create(
        {
            "procedure_id": procedure.id,
            "name": procedure.name,
            "valid_from": "2020-01-01",
            "channel_ids": [
                Command.create(
                    {"channel": "counter", "time_limit_ids": [Command.create(limit)]}
                )
            ],
            "document_ids": [
                Command.create({"name": f"Giấy tờ {number}", "originals": 1})
                for number in range(1, PARTS + 1)
            ],
        }
    )
    version.action_publish()
    takers = {"handle": "handler", "sign": "leader"}
    process = env["cchc.process"].create(
        {
            "version_id": version.id,
            "company_id": company.id,
            "valid_from": "2020-01-01",
            "step_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "name": name,
                        "role": role,
                        "planned_amount": hours,
                        "planned_unit": "working_hour",
                        "department_id": department.id,
                        "user_ids": [Command.set(people[takers.get(role, "desk")].ids)],
                    }
                )
                for sequence, (name, role, hours) in enumerate(STEPS, 1)
            ],
        }
    )
    process.action_publish()


def _peer(env, desk):
    """A team with one SLA policy, as the peer's documentation sets it up."""
    team = env["helpdesk.ticket.team"].create(
        {
            "name": "Đo lường",
            "use_sla": True,
            "company_id": desk.company_id.id,
            "resource_calendar_id": desk.company_id.resource_calendar_id.id,
            "user_ids": [Command.set(desk.ids)],
        }
    )
    env["helpdesk.sla"].create(
        {
            "name": f"{DAYS} ngày",
            "days": DAYS,
            "team_ids": [Command.set(team.ids)],
            "stage_id": env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id,
        }
    )
