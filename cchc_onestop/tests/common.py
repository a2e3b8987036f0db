from contextlib import contextmanager
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.tests import TransactionCase

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def local(text):
    """Return a local time ``dd/mm/yyyy HH:MM`` of Việt Nam as naive UTC."""
    moment = datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=LOCAL)
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


class OnestopCase(TransactionCase):
    """A commune with its people, a neighbour, and one procedure of three working days.

    Office hours 7:30-11:30 and 13:30-17:00; nobody here is the superuser.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # no invitations, which the sign-up of other addons would write to each user
        quiet = {"tracking_disable": True, "no_reset_password": True}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        cls.calendar = cls._new_calendar("Giờ hành chính")
        cls.province = cls._new_company("Tỉnh Quảng Trị", "H50", "province")
        cls.commune = cls._new_company(
            "UBND xã Hải Trường", "H50.21", parent=cls.province
        )
        cls.neighbour = cls._new_company(
            "UBND xã Hải Lăng", "H50.22", parent=cls.province
        )
        cls.department = cls.env["hr.department"].create(
            {"name": "Văn phòng - Thống kê", "company_id": cls.commune.id}
        )
        cls._set_up_one_stop()

    @classmethod
    def _set_up_one_stop(cls):
        """Make the people of the one-stop desk, a procedure and who applies for it."""
        people = {
            "desk": "group_desk",
            "handler": "group_handler",
            "colleague": "group_handler",
            "leader": "group_leader",
            "deputy": "group_leader",
            "auditor": "group_auditor",
            "catalogue": "group_catalogue",
            "manager": "group_manager",
        }
        persons = [cls._person(login, group) for login, group in people.items()]
        persons.append(cls._person("outsider", "group_handler", company=cls.neighbour))
        for name, user in zip(
            [*people, "outsider"], cls._create_users(persons), strict=True
        ):
            setattr(cls, name, user)
        cls.delay = cls.env.ref("cchc_onestop.reason_late_dd")
        cls.sector = cls.env["cchc.sector"].create({"name": "Hộ tịch thử"})
        cls.procedure = cls._new_procedure("9.800001", "Xác nhận thử nghiệm")
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Nguyễn Thị Hoa",
                "cchc_identity_type": "personal",
                "cchc_identity": "045190000123",
                "cchc_sex": "female",
                "cchc_birth_date": "1990-03-08",
                "street": "Thôn Trường Xuân",
                "phone": "0912345678",
            }
        )

    # -- people and agencies -------------------------------------------------
    @classmethod
    def _new_calendar(cls, name):
        calendar = cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": False,
                "company_id": False,
            }
        )
        calendar.attendance_ids = [Command.clear()] + [
            Command.create(
                {
                    "name": f"{day} {period}",
                    "dayofweek": str(day),
                    "day_period": period,
                    "hour_from": start,
                    "hour_to": end,
                }
            )
            for day in range(5)
            for period, start, end in (
                ("morning", 7.5, 11.5),
                ("afternoon", 13.5, 17.0),
            )
        ]
        return calendar

    @classmethod
    def _new_company(cls, name, unit_code, level="commune", parent=None):
        company = cls.env["res.company"].create(
            {
                "name": name,
                "cchc_unit_code": unit_code,
                "cchc_level": level,
                "parent_id": parent.id if parent else False,
            }
        )
        company.resource_calendar_id = cls.calendar
        return company

    @classmethod
    def _new_user(cls, login, *groups, company=None, name=None):
        return cls._create_users(
            [cls._person(login, *groups, company=company, name=name)]
        )

    @classmethod
    def _person(cls, login, *groups, company=None, name=None):
        return {
            "login": f"onestop_{login}",
            "name": name or login.capitalize(),
            "groups": [f"cchc_onestop.{group}" for group in groups],
            "company": company,
            "job_title": f"Chức vụ {login}",
        }

    @classmethod
    def _create_users(cls, persons):
        """Make users and their employees at once: one by one takes twice as long.

        A person of no ``company`` is of the commune, where one of no ``department`` is
        of its first.
        """
        companies = [person["company"] or cls.commune for person in persons]
        users = cls.env["res.users"].create(
            [
                {
                    "login": person["login"],
                    # What a browser test logs in with, which Odoo wants this long.
                    "password": person["login"].ljust(8, "x"),
                    "email": "{0}.{0}@example.com".format(person["login"][0]),
                    "name": person["name"],
                    "group_ids": [
                        Command.set(
                            [cls.env.ref(xmlid).id for xmlid in person["groups"]]
                        )
                    ],
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "lang": "en_US",
                    "tz": "Asia/Ho_Chi_Minh",
                }
                for person, company in zip(persons, companies, strict=True)
            ]
        )
        cls.env["hr.employee"].create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": company.id,
                    "job_title": person.get("job_title"),
                    "department_id": (person.get("department") or cls.department).id
                    if company == cls.commune
                    else False,
                }
                for person, user, company in zip(persons, users, companies, strict=True)
            ]
        )
        return users

    # -- catalogue ------------------------------------------------------------
    @classmethod
    def _new_procedure(
        cls,
        code,
        name,
        amount=3,
        unit="working_day",
        committed=None,
        process=True,
        valid_from="2024-01-01",
    ):
        """Return a published procedure with a process of five steps."""
        procedure = cls.env["cchc.procedure"].create(
            {"code": code, "name": name, "sector_id": cls.sector.id}
        )
        version = cls.env["cchc.procedure.version"].create(
            {
                "procedure_id": procedure.id,
                "name": name,
                "valid_from": valid_from,
                "channel_ids": [
                    Command.create(
                        {
                            "channel": channel,
                            "time_limit_ids": [
                                Command.create(
                                    {
                                        "amount": amount,
                                        "unit": unit,
                                        "fee_ids": [
                                            Command.create(
                                                {
                                                    "name": "Lệ phí",
                                                    "amount": 8000,
                                                    "legal_text": "8.000 đồng/bản",
                                                }
                                            )
                                        ],
                                    }
                                )
                            ],
                        }
                    )
                    for channel in ("counter", "online")
                ],
                "document_ids": [
                    Command.create({"name": "Tờ khai", "originals": 1}),
                    Command.create({"name": "Bản sao giấy tờ", "copies": 1}),
                    Command.create(
                        {"name": "Giấy tờ khác", "originals": 1, "required": False}
                    ),
                ],
                "result_ids": [Command.create({"name": "Giấy xác nhận"})],
            }
        )
        version.action_publish()
        if process:
            cls._new_process(version, committed)
        return procedure

    @classmethod
    def _new_process(cls, version, committed):
        """Publish the five steps of the commune: eleven working hours."""
        steps = [
            ("Tiếp nhận", "receive", 0.5, cls.desk),
            ("Thụ lý", "handle", 8.0, cls.handler),
            ("Ký duyệt", "sign", 2.0, cls.env["res.users"]),
            ("Vào sổ, đóng dấu", "clerk", 0.5, cls.desk),
            ("Trả kết quả", "return", 0.0, cls.desk),
        ]
        values = {
            "version_id": version.id,
            "company_id": cls.commune.id,
            "valid_from": version.valid_from,
            "step_ids": [
                Command.create(
                    {
                        "sequence": index,
                        "name": step,
                        "role": role,
                        "planned_amount": hours,
                        "planned_unit": "working_hour",
                        "department_id": cls.department.id,
                        "user_ids": [Command.set(user.ids)],
                    }
                )
                for index, (step, role, hours, user) in enumerate(steps, 1)
            ],
        }
        if committed:
            values["committed_amount"], values["committed_unit"] = committed
        cls.env["cchc.process"].create(values).action_publish()

    # -- dossiers --------------------------------------------------------------
    def _draft(self, user=None, procedure=None, **values):
        """Return a draft as the desk would leave it, all parts ticked."""
        procedure = procedure or self.procedure
        dossier = (
            self.env["cchc.dossier"]
            .with_user(user or self.desk)
            .create(
                {
                    "procedure_id": procedure.id,
                    "partner_id": self.partner.id,
                    "applicant_name": "Nguyễn Thị Hoa",
                    "applicant_identity": "045190000123",
                    **values,
                }
            )
        )
        dossier._onchange_procedure_id()
        dossier.document_ids.received = True
        return dossier

    def _explain(self, dossier):
        """State why a dossier is late, without which its result is not made ready."""
        dossier.with_user(self.handler).action_explain_late(
            self.env.ref("cchc_onestop.reason_late_k")
        )

    def _accepted(self, **values):
        dossier = self._draft(**values)
        dossier.action_accept()
        return dossier

    def _to_sign(self, **values):
        dossier = self._accepted(**values)
        dossier.with_user(self.handler).action_pass_step()
        return dossier

    def _ready(self, **values):
        dossier = self._to_sign(**values)
        dossier.with_user(self.leader).action_sign()
        dossier.with_user(self.desk).action_pass_step()
        return dossier

    @contextmanager
    def _refused(self, exception, sentence):
        """Expect a refusal with this sentence, and roll back what led to it."""
        try:
            with self.env.cr.savepoint():
                yield
        except exception as error:
            self.assertRegex(str(error), sentence)
        else:
            self.fail(f"not refused with “{sentence}”")
        self.env.invalidate_all()
