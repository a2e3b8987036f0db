from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common_document import DocumentCase
from .test_record import RecordCase


@tagged("post_install", "-at_install")
class TestOverview(DocumentCase):
    """The first page: what is late, what comes, figures with their lists."""

    def _overview(self, user=None):
        return (
            self.env["cchc.iso.overview"].with_user(user or self.secretary).get_data()
        )

    def _tile(self, key, user=None):
        for block in self._overview(user)["blocks"]:
            for tile in block["tiles"]:
                if tile["key"] == key:
                    return tile
        return None

    def _listed(self, tile, user=None):
        action = tile["action"]
        return (
            self.env[action["res_model"]]
            .with_user(user or self.secretary)
            .search(action["domain"])
        )

    def test_acceptance_7_an_overdue_update_appears(self):
        """A change in force on day D is due on D + the setting of the system."""
        self.system.update_days = 30
        page = self._issued()
        self.process._amend(self.today).action_publish()
        task = page.task_ids
        self.assertEqual(task.due_date, self.today + timedelta(days=30))
        self.assertEqual(self._tile("update_tasks")["value"], 0)
        self.assertEqual(self._tile("update_tasks_soon")["value"], 1)
        later = fields.Datetime.now() + timedelta(days=32)
        with freeze_time(later):
            tile = self._tile("update_tasks")
            self.assertEqual((tile["value"], tile["colour"]), (1, "danger"))
            self.assertEqual(self._listed(tile), task)

    def test_every_figure_has_the_list_that_it_counts(self):
        self._issued()
        cycle = self.env["cchc.iso.cycle"].create(
            {"system_id": self.system.id, "company_id": self.commune.id}
        )
        cycle.step_ids.due_on = self.today - timedelta(days=1)
        for user in (self.secretary, self.head, self.iso_auditor, self.member):
            for block in self._overview(user)["blocks"]:
                for tile in block["tiles"]:
                    if "domain" not in (tile["action"] or {}) or tile["unit"]:
                        continue
                    if isinstance(tile["value"], int):
                        with self.subTest(user=user.login, tile=tile["key"]):
                            self.assertEqual(
                                len(self._listed(tile, user)), tile["value"]
                            )
        self.assertEqual(self._tile("steps_late")["value"], len(cycle.step_ids))

    def test_documents_to_read_are_the_readers_own(self):
        page = self._document(
            recipient_ids=[(0, 0, {"department_id": self.department.id})]
        )
        self._approve(self._issue(page))
        self.assertEqual(self._tile("unread", self.member)["value"], 1)
        page.issue_id.with_user(self.member).my_ack_id.action_read()
        self.assertIsNone(self._tile("unread", self.member))

    @freeze_time("2026-05-15 02:00:00")
    def test_objectives_of_the_year_by_their_last_measure(self):
        """Periods that ended: met and missed, of this year only."""
        year = 2026
        colours = {"pass": "success", "fail": "danger"}
        objective = (
            self.env["cchc.iso.objective"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Văn bản trả lời đúng hạn",
                    "year": year,
                    "company_id": self.commune.id,
                    "system_id": self.system.id,
                    "metric": "manual",
                    "period": "month",
                    "direction": "at_least",
                    "target": 90,
                    "plan_ids": [(0, 0, {"name": "Theo dõi", "user_id": self.head.id})],
                }
            )
        )
        objective.request_validation()
        objective.with_user(self.head).validate_tier()
        entry = self.env["cchc.iso.objective.entry"].with_user(self.secretary)
        for verdict in ("fail", "pass", "no_data"):
            self.assertEqual(self._tile(f"objectives_{verdict}")["value"], 0)
        for month, reached, verdict in ((3, 95, "pass"), (4, 40, "fail")):
            entry.create(
                {
                    "objective_id": objective.id,
                    "day": f"{year}-{month:02d}-10",
                    "numerator": reached,
                    "denominator": 100,
                    "source": "Sổ văn bản",
                }
            ).action_enter()
            tile = self._tile(f"objectives_{verdict}")
            self.assertEqual(tile["value"], 1)
            self.assertEqual(self._listed(tile).objective_id, objective)
            self.assertEqual(tile["colour"], colours[verdict])
        with freeze_time(f"{year + 1}-05-15 02:00:00"):
            self.assertEqual(self._tile("objectives_fail")["value"], 0)

    def test_who_may_not_read_gets_no_figure(self):
        keys = {
            tile["key"]
            for block in self._overview(self.member)["blocks"]
            for tile in block["tiles"]
        }
        self.assertFalse({key for key in keys if key.startswith("approve_")})

    def test_why_to_declare_again_is_told(self):
        self._issued()
        declaration = self.env["cchc.iso.declaration"].with_user(self.secretary)
        declaration = declaration.create(
            {"system_id": self.system.id, "signer_id": self.head.id}
        )
        declaration.action_fill()
        declaration.with_user(self.head).action_confirm_effect()
        declaration.write({"number": "45/CB-UBND", "decided_on": self.today})
        declaration.request_validation()
        self.assertEqual(
            self._tile("approve_cchc.iso.declaration", self.deputy_head)["value"], 1
        )
        declaration.with_user(self.deputy_head).validate_tier()
        declaration.action_publish()
        self.assertEqual(self._overview()["reasons"], [])
        self.assertEqual(self._tile("declaration")["value"], "45/CB-UBND")
        self.system.reorganised_on = self.today + timedelta(days=1)
        self.assertEqual(
            self._overview()["reasons"],
            ["Agency merged or reorganised since the declaration."],
        )

    def test_the_page_costs_a_bounded_number_of_queries(self):
        """As many with ten documents as with one."""
        self.env["cchc.iso.cycle"].create(
            {"system_id": self.system.id, "company_id": self.commune.id}
        )
        self._issued()
        few = self._queries()
        for number in range(3):
            procedure = self._new_procedure(f"9.80001{number}", f"Thủ tục {number}")
            self._issued(procedure.version_ids.process_ids)
        self.assertLessEqual(self._queries(), few + 2)
        self.assertLess(few, 180)

    def _queries(self):
        self._overview()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._overview()
        return self.env.cr.sql_log_count - before

    def test_another_agency_sees_its_own(self):
        self._issued()
        stranger = self._new_iso_user(
            "stranger", "group_officer", company=self.neighbour
        )
        data = self._overview(stranger)
        self.assertNotEqual(data["system"] and data["system"]["id"], self.system.id)
        self.assertFalse(data["cycle"])


@tagged("post_install", "-at_install")
class TestOverviewRecords(RecordCase):
    """What the last check of the process records found, for who may read them."""

    def _tiles(self, user):
        data = self.env["cchc.iso.overview"].with_user(user).get_data()
        return {
            tile["key"]: tile
            for block in data["blocks"]
            if block["key"] == "chain"
            for tile in block["tiles"]
        }

    def test_the_last_check_of_the_records(self):
        record = self._record(self._lived())
        for user in (self.secretary, self.head):
            tiles = self._tiles(user)
            self.assertEqual(tiles["records"]["value"], 1)
            chain = tiles["chain"]
            self.assertEqual((chain["value"], chain["colour"]), (None, "warning"))
        self.assertFalse(self._tiles(self.member))
        checks = self.env["cchc.iso.record.check"]
        checks._run(self.commune.ids)
        chain = self._tiles(self.secretary)["chain"]
        self.assertEqual(chain["colour"], "success")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_iso_record SET payload = payload || ' ' WHERE id = %s",
            (record.id,),
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.cchc_iso.models.cchc_iso_record_check"):
            checks._run(self.commune.ids)
        chain = self._tiles(self.head)["chain"]
        self.assertEqual(chain["colour"], "danger")
        found = checks.with_user(self.head).search(chain["action"]["domain"])
        self.assertEqual(found[:1].state, "touched")
