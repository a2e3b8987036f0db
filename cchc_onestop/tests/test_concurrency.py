import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from .common_process import run_apart

THREADS, EACH = 16, 50
#: Groups whose two parts end at the same moment.
GROUPS = 4


def new_procedure(env, code):
    """Return a published procedure of three working days."""
    sector = env["cchc.sector"].create({"name": f"Lĩnh vực {code}"})
    procedure = env["cchc.procedure"].create(
        {"code": code, "name": "Thủ tục đồng thời", "sector_id": sector.id}
    )
    version = env["cchc.procedure.version"].create(
        {
            "procedure_id": procedure.id,
            "name": procedure.name,
            "valid_from": "2024-01-01",
            "channel_ids": [
                (
                    0,
                    0,
                    {
                        "channel": "counter",
                        "time_limit_ids": [
                            (0, 0, {"amount": 3, "unit": "working_day"})
                        ],
                    },
                )
            ],
        }
    )
    version.action_publish()
    return procedure


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestConcurrentAcceptance(BaseCase):
    """Sixteen desks accept fifty dossiers each over their own connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.company_id = (
                env["res.company"]
                .create(
                    {
                        "name": "UBND xã Đồng Thời",
                        "cchc_unit_code": "H99.01",
                        "resource_calendar_id": env.ref(
                            "cchc_onestop.resource_calendar_office"
                        ).id,
                    }
                )
                .id
            )
            self.procedure_id = new_procedure(env, "9.999999").id
        self.addCleanup(self._clean)

    def _clean(self):
        """Remove by SQL what was committed: the ORM rightly refuses."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT id FROM cchc_dossier WHERE company_id = %s", (self.company_id,)
            )
            ids = [row[0] for row in cr.fetchall()]
            cr.execute(
                "UPDATE cchc_dossier SET current_step_id = NULL WHERE id = ANY(%s)",
                (ids,),
            )
            for table in ("event", "step", "document", "fee"):
                cr.execute(
                    f"DELETE FROM cchc_dossier_{table} WHERE dossier_id = ANY(%s)",
                    (ids,),
                )
            cr.execute("DELETE FROM cchc_dossier WHERE id = ANY(%s)", (ids,))
            cr.execute(
                "DELETE FROM cchc_number WHERE series = %s",
                (f"dossier/{self.company_id}",),
            )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cchc.procedure"].browse(self.procedure_id).active = False
            env["res.company"].browse(self.company_id).active = False

    def test_codes_are_distinct_and_consecutive(self):
        codes = run_apart(
            "concurrent_acceptance.py",
            {
                "agency": self.company_id,
                "procedure": self.procedure_id,
                "desks": THREADS,
                "each": EACH,
            },
        )
        self.assertEqual(len(codes), THREADS * EACH)
        numbers = sorted(int(code.rsplit("-", 1)[1]) for code in codes)
        self.assertEqual(numbers, list(range(1, THREADS * EACH + 1)))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            dossiers = env["cchc.dossier"].search(
                [("company_id", "=", self.company_id)]
            )
            self.assertEqual(len(dossiers), THREADS * EACH)
            self.assertEqual(set(dossiers.mapped("event_count")), {1})
            self.assertIsNone(env["cchc.dossier.event"]._verify(sorted(dossiers.ids)))


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestConcurrentStandIns(BaseCase):
    """Two persons name stand-ins at the same moment: the second is refused."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
            # what is committed stays, archived: each run has names of its own
            token = uuid4().hex
            company = env["res.company"].create({"name": f"UBND xã {token}"})
            users = env["res.users"].create(
                [
                    {
                        "name": f"Cán bộ {number}",
                        "login": f"stand_in_{number}_{token}",
                        "company_id": company.id,
                        "company_ids": [(6, 0, company.ids)],
                    }
                    for number in range(3)
                ]
            )
            self.company_id, self.user_ids = company.id, users.ids
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM cchc_substitution WHERE company_id = %s",
                (self.company_id,),
            )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.users"].browse(self.user_ids).active = False
            env["res.company"].browse(self.company_id).active = False

    def _vals(self, absent, substitute):
        today = fields.Date.today()
        return {
            "user_id": self.user_ids[absent],
            "substitute_id": self.user_ids[substitute],
            "date_from": str(today + timedelta(days=1)),
            "date_to": str(today + timedelta(days=3)),
            "scope": "steps",
            "company_id": self.company_id,
            "reason": "Đi công tác",
        }

    def _name_both(self, *pairs):
        answers = run_apart(
            "concurrent_stand_ins.py", [self._vals(*pair) for pair in pairs]
        )
        self.assertEqual(answers.count(None), 1, answers)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM cchc_substitution WHERE company_id = %s",
                (self.company_id,),
            )
            self.assertEqual(cr.fetchone()[0], 1)
        return next(answer for answer in answers if answer)

    def test_two_stand_ins_for_the_same_days(self):
        self.assertIn("already has the stand-in", self._name_both((0, 1), (0, 2)))

    def test_two_persons_for_each_other(self):
        self.assertIn("would come back to", self._name_both((0, 1), (1, 0)))


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestConcurrentParts(BaseCase):
    """Two parts of a group end at the same moment, in two processes: the group ends
    once, with one line in its ledger, whichever of them was first."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            # what is committed stays, archived: each run has names of its own
            self._make(env)
        self.addCleanup(self._clean)

    def _make(self, env):
        company = env["res.company"].create(
            {
                "name": f"UBND xã {uuid4().hex}",
                "cchc_unit_code": "H99.03",
                "resource_calendar_id": env.ref(
                    "cchc_onestop.resource_calendar_office"
                ).id,
            }
        )
        procedure = new_procedure(env, f"9.{random.randrange(10**6):06d}")
        kind = env["cchc.bundle.type"].create(
            {
                "name": "Nhóm đồng thời",
                "procedure_id": procedure.id,
                "valid_from": "2024-01-01",
                "line_ids": [
                    Command.create(
                        {"name": name, "is_external": True, "amount": 2, "sequence": n}
                    )
                    for n, name in enumerate(("Thường trú", "Thẻ BHYT"))
                ],
            }
        )
        self.company_id, self.kind_id = company.id, kind.id
        self.procedure_id = procedure.id
        partner = env["res.partner"].create({"name": "Người nộp đồng thời"})
        groups = (
            env["cchc.dossier"]
            .with_company(company)
            .create(
                [
                    {
                        "procedure_id": procedure.id,
                        "company_id": company.id,
                        "receiving_company_id": company.id,
                        "applicant_name": partner.name,
                        "partner_id": partner.id,
                    }
                    for _index in range(GROUPS)
                ]
            )
        )
        groups.action_accept()
        self.group_ids = groups.ids
        self.line_ids = [
            [group.group_line_ids[place].id for group in groups] for place in (0, 1)
        ]

    def _clean(self):
        """Remove by SQL what was committed: the ORM rightly refuses."""
        with self.registry.cursor() as cr:
            company = (self.company_id,)
            cr.execute(
                "SELECT id FROM cchc_dossier WHERE company_id = %s", (self.company_id,)
            )
            ids = [row[0] for row in cr.fetchall()]
            cr.execute(
                "UPDATE cchc_dossier SET current_step_id = NULL, parent_id = NULL, "
                "bundle_id = NULL, bundle_line_id = NULL WHERE company_id = %s",
                company,
            )
            cr.execute(
                "DELETE FROM cchc_bundle_line WHERE group_id = ANY(%s)",
                (self.group_ids,),
            )
            cr.execute("DELETE FROM cchc_bundle WHERE company_id = %s", company)
            for table in ("event", "step", "document", "fee"):
                cr.execute(
                    f"DELETE FROM cchc_dossier_{table} WHERE dossier_id = ANY(%s)",
                    (ids,),
                )
            cr.execute("DELETE FROM cchc_dossier WHERE company_id = %s", company)
            cr.execute(
                "DELETE FROM cchc_number WHERE series = %s",
                (f"dossier/{self.company_id}",),
            )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cchc.bundle.type"].browse(self.kind_id).active = False
            env["cchc.procedure"].browse(self.procedure_id).active = False
            env["res.company"].browse(self.company_id).active = False

    def test_group_ends_once_with_the_last_of_its_parts(self):
        jobs = [
            {"agency": self.company_id, "lines": lines, "meeting": self.kind_id}
            for lines in self.line_ids
        ]
        with ThreadPoolExecutor(len(jobs)) as pool:
            tries = list(
                pool.map(lambda job: run_apart("concurrent_parts.py", job), jobs)
            )
        # They did meet: of each two, one was refused by the database and came again.
        self.assertGreaterEqual(sum(map(sum, tries)), 3 * GROUPS, tries)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            groups = env["cchc.dossier"].browse(self.group_ids)
            for group in groups:
                self.assertEqual(group.state, "done")
                self.assertEqual(group.child_ids.mapped("state"), ["done"] * 2)
                self.assertEqual(
                    group.event_ids.mapped("kind"),
                    ["accept", "group_progress", "group_progress", "group_finish"],
                )
                self.assertEqual(
                    (group.bundle_id.state, group.bundle_id.ended_count), ("done", 2)
                )
            whole = groups | groups.child_ids
            self.assertIsNone(env["cchc.dossier.event"]._verify(sorted(whole.ids)))


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestConcurrentFiling(BaseCase):
    """Two scheduled actions file for the first time, in two processes: the folders and
    the groups that open them are made once, and neither action fails."""

    MONTHS = tuple(range(1, 9))

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            # what is committed stays, archived: each run has names of its own
            company = env["res.company"].create({"name": f"UBND xã {uuid4().hex}"})
            department = env["hr.department"].create(
                {"name": "Phòng Kinh tế", "company_id": company.id}
            )
            self.company_id, self.department_id = company.id, department.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self._folders(env).sorted("parent_path", reverse=True).unlink()
            self._groups(env).unlink()
            env["dms.storage"].search([("company_id", "=", self.company_id)]).unlink()
            env["hr.department"].browse(self.department_id).active = False
            env["res.company"].browse(self.company_id).active = False

    def _folders(self, env):
        return env["dms.directory"].search(
            [("cchc_key", "=like", f"{self.company_id}%")]
        )

    def _groups(self, env):
        return env["dms.access.group"].search(
            [("cchc_company_id", "=", self.company_id)]
        )

    def test_folders_are_made_once(self):
        job = {
            "agency": self.company_id,
            "department": self.department_id,
            "months": self.MONTHS,
            "meeting": random.randrange(2**31),
        }
        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(
                lambda job: run_apart("concurrent_filing.py", job), (job, job)
            )
        self.assertEqual(one, other)
        self.assertEqual(len(set(one)), len(self.MONTHS))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # agency, year, department, then the months
            self.assertEqual(len(self._folders(env)), 3 + len(self.MONTHS))
            self.assertEqual(
                self._groups(env).cchc_department_id.ids, [self.department_id]
            )
            self.assertEqual(len(self._groups(env)), 2)
