from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReformCase
from .index_common import IndexCase


@tagged("post_install", "-at_install")
class TestReformOverview(ReformCase):
    """The leader's page: each figure is that of the list behind it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-08-01 03:00:00"))
        cls.plan = cls._new_plan("Báo cáo quý II")
        cls._new_task(cls.plan, name="Rà soát văn bản", date_deadline="2026-08-20")
        cls._new_task(
            cls.plan,
            name="Số hóa hồ sơ",
            area_id=cls.area["digital"].id,
            lead_department_id=cls.other_department.id,
            date_deadline="2026-07-01",
        )
        cls._new_task(
            cls.plan, name="Tuyên truyền", deadline_type="regular", date_deadline=False
        )
        cls._approve(cls.plan)
        cls._report(cls.plan.task_ids[0], day="2026-06-30", outcome="done")

    def _data(self, user=None, year=None):
        self.env.invalidate_all()
        return (
            self.env["cchc.reform.overview"]
            .with_user(user or self.chief)
            .get_data(year=year)
        )

    def _rows(self, key, user=None, year=None):
        for block in self._data(user, year)["blocks"]:
            if block["key"] == key:
                return {row["key"]: row for row in block["rows"]}
        return {}

    def _listed(self, action, user=None):
        return (
            self.env[action["res_model"]]
            .with_user(user or self.chief)
            .search(action["domain"])
        )

    def test_numerator_and_denominator(self):
        tiles = self._rows("tasks")
        self.assertEqual(
            (tiles["done"]["value"], tiles["done"]["note"][:3]), (1, "1/4")
        )
        self.assertEqual(tiles["overdue"]["value"], 1)
        self.assertEqual(tiles["regular"]["note"][:3], "0/1")

    def test_areas_and_departments(self):
        rows = self._rows("areas")
        row = rows[f"area_{self.area['digital'].id}"]
        self.assertEqual((row["done"], row["counted"], row["overdue"]), (0, 1, 1))
        self.assertEqual(len(self._listed(row["action"])), 1)
        late = self._rows("departments")
        self.assertEqual(list(late), [f"department_{self.other_department.id}"])
        self.assertEqual(
            self._listed(*[r["action"] for r in late.values()]).name, "Số hóa hồ sơ"
        )

    def test_what_is_due_next(self):
        rows = list(self._rows("deadlines").values())
        self.assertEqual(
            [(row["date"], row["label"][-16:]) for row in rows],
            [("2026-08-20", " Rà soát văn bản")],
        )
        self.assertEqual(rows[0]["who"], self.department.name)

    def test_reports_and_remedies_are_deadlines_too(self):
        officer = self.env["cchc.reform.inspection"].with_user(self.officer)
        inspection = officer.create(
            {
                "name": "Kiểm tra CCHC",
                "company_id": self.commune.id,
                "date_from": "2026-07-01",
                "visit_ids": [
                    Command.create(
                        {"department_id": self.department.id, "day": "2026-07-02"}
                    )
                ],
            }
        )
        finding = officer.env["cchc.reform.inspection.finding"].create(
            {
                "visit_id": inspection.visit_ids.id,
                "weakness": "Niêm yết chưa đủ",
                "date_due": "2026-08-10",
            }
        )
        report = officer.env["cchc.reform.report"].create(
            {
                "company_id": self.commune.id,
                "rule_id": self.env.ref("cchc_reform.report_rule_topic").id,
                "topic": "Báo cáo chuyên đề",
                "date_from": "2026-07-01",
                "date_to": "2026-08-15",
            }
        )
        report.due_date = "2026-08-15"
        self.assertEqual(
            [row["date"] for row in self._rows("deadlines").values()],
            ["2026-08-10", "2026-08-15", "2026-08-20"],
        )
        finding.date_due = "2026-07-30"
        report.due_date = "2026-07-31"
        tiles = self._rows("tasks")
        self.assertEqual(self._listed(tiles["findings_late"]["action"]), finding)
        self.assertEqual(self._listed(tiles["reports_late"]["action"]), report)

    def test_every_figure_has_the_list_that_it_counts(self):
        for user in (self.officer, self.chief, self.member):
            for block in self._data(user)["blocks"]:
                for row in block["rows"]:
                    action = row["action"]
                    if action and "domain" in action:
                        found = self._listed(action, user)
                        expected = row.get("value", row.get("counted"))
                        if row["key"] == "index_none":
                            expected = 0
                        if row["key"] == "done":
                            expected = len(self.plan.task_ids)
                        if row["key"] == "regular":
                            expected = 1
                        with self.subTest(user=user.login, row=row["key"]):
                            self.assertEqual(len(found), expected)

    def test_the_index_says_when_there_is_none(self):
        tile = self._rows("index")["index_none"]
        self.assertEqual(tile["value"], "No assessment yet")

    def test_what_waits_for_whom(self):
        plan = self._new_plan("Kiểm tra", plan_type="inspection")
        plan.with_user(self.officer).action_submit()
        tile = self._rows("mine")["approve_cchc.reform.plan"]
        self.assertEqual(self._listed(tile["action"]), plan)
        self.assertNotIn("approve_cchc.reform.plan", self._rows("mine", self.officer))
        mine = self._rows("mine", self.stranger)
        self.assertEqual(mine["my_late"]["value"], 1)

    def test_a_draft_is_no_plan(self):
        self._new_plan("Bản nháp")
        self.assertEqual(self._rows("tasks")["done"]["note"][:3], "1/4")

    def test_years(self):
        data = self._data(year=2025)
        self.assertEqual((data["year"], data["years"]), (2025, [2026]))
        self.assertFalse([b for b in data["blocks"] if b["key"] == "tasks"])

    def test_the_superior_sees_the_agencies_below(self):
        head = self._new_reform_user(
            "province", "group_leader", company=self.commune.parent_id
        )
        row = self._rows("agencies", head)[f"agency_{self.commune.id}"]
        self.assertEqual((row["done"], row["counted"], row["overdue"]), (1, 4, 1))
        self.assertEqual(len(self._listed(row["action"], head)), 4)
        self._new_plan("Bản nháp")
        plans = self.env["cchc.reform.plan"].with_user(head)
        self.assertEqual(
            plans.search([("company_id", "=", self.commune.id)]), self.plan
        )
        with self._refused(AccessError, "."):
            self.plan.with_user(head).note = "x"

    def test_it_costs_the_same_for_many_tasks(self):
        self._data()
        with self.assertQueryCount(60):
            self._data()
        before = self.cr.sql_log_count
        self._data()
        once = self.cr.sql_log_count - before
        plan = self._new_plan(*(f"Việc {number}" for number in range(40)))
        self._approve(plan)
        self.env.flush_all()
        self._data()
        before = self.cr.sql_log_count
        self._data()
        self.assertLessEqual(self.cr.sql_log_count - before, once + 1)


@tagged("post_install", "-at_install")
class TestReformOverviewIndex(IndexCase):
    """The index on the leader's page is that of the last assessment."""

    def _rows(self, key, user):
        """Return the rows of a block as a person sees it at his agency."""
        data = (
            self.env["cchc.reform.overview"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_id.ids)
            .get_data()
        )
        for block in data["blocks"]:
            if block["key"] == key:
                return {row["key"]: row for row in block["rows"]}
        return {}

    def _tiles(self):
        return self._rows("index", self.chief)

    @freeze_time("2026-08-01 03:00:00")
    def test_what_waits_in_a_round(self):
        record = self._new_round(
            date_from="2026-07-01",
            deadline_self="2026-08-20",
            deadline_appraise_1="2026-08-25",
        )
        mine = record.sudo().assessment_ids.filtered(
            lambda row: row.company_id == self.commune
        )
        mine = mine.with_user(self.officer)

        def tiles(user, block="mine"):
            return {key: row["value"] for key, row in self._rows(block, user).items()}

        def due(user):
            rows = self._rows("deadlines", user).values()
            return [(row["date"], row["kind"]) for row in rows]

        self.assertEqual(due(self.officer), [("2026-08-20", "Index Scoring")])
        self.assertEqual(
            due(self.appraiser),
            [("2026-08-20", "Index Scoring"), ("2026-08-25", "Index Scoring")],
        )
        self.assertEqual(
            tiles(self.appraiser, "index"),
            {f"round_sent_{record.id}": "0/2", f"round_done_{record.id}": "0/2"},
        )
        self.assertNotIn("index_appraise", tiles(self.appraiser))
        self._fill(mine)
        mine.action_submit()
        mine.with_user(self.chief).validate_tier()
        self.assertEqual(tiles(self.officer)["index_send"], 1)
        mine.action_send()
        self.assertNotIn("index_send", tiles(self.officer))
        self.assertEqual(tiles(self.appraiser)["index_appraise"], 1)
        self.assertEqual(
            tiles(self.appraiser, "index")[f"round_sent_{record.id}"], "1/2"
        )
        mine.with_user(self.appraiser).action_appraise_1()
        self.assertNotIn("index_appraise", tiles(self.appraiser))
        self.assertEqual(tiles(self.officer)["index_explain"], 1)
        mine.action_explain()
        self.assertEqual(tiles(self.appraiser)["index_appraise"], 1)

    def test_forecast_of_the_last_assessment(self):
        assessment = self._new_assessment()
        tiles = self._tiles()
        self.assertNotIn("index_none", tiles)
        tile = tiles["index_forecast"]
        self.assertIn(str(assessment.year), tile["label"])
        self.assertEqual(tile["action"]["res_id"], assessment.id)
        self.assertEqual(tile["note"], "No earlier year to compare with")
        unfilled = tiles["index_unfilled"]
        self.assertEqual(
            self.env["cchc.index.assessment.line"].search_count(
                unfilled["action"]["domain"]
            ),
            unfilled["value"],
        )

    def _agency(self, company):
        overview = self.env["cchc.reform.overview"].with_user(self.appraiser)
        for block in overview.get_data(year=2026)["blocks"]:
            if block["key"] == "agencies":
                rows = {row["key"]: row for row in block["rows"]}
                return rows[f"agency_{company.id}"]
        return None

    def test_index_of_the_agencies_below(self):
        """Beside the progress of plans: the last index published, and its change."""
        for year, entries in ((2025, {"I_2": "không"}), (2026, {})):
            scoring = self._new_round(self.commune, year=year)
            mine = scoring.assessment_ids
            self._fill(mine.with_user(self.officer), **entries)
            self._approve_and_send(mine)
            texts = [note["text"] for note in self._agency(self.commune)["notes"]]
            self.assertFalse([text for text in texts if f"Index {year}" in text])
            mine.with_user(self.appraiser).action_appraise_1()
            mine.with_user(self.officer).action_explain()
            mine.with_user(self.appraiser).action_appraise_2()
            scoring.write(
                {"decision_number": "99/QĐ-UBND", "decision_date": f"{year}-12-28"}
            )
            scoring.action_publish()
            scoring.group_ids.sudo().name = f"Xã, {year}"
            self.env.flush_all()
        note = self._agency(self.commune)["notes"][1]
        self.assertRegex(
            note["text"],
            r"Index 2026: 100[.,]00 \(\+20[.,]00 against 2025\), place 1/1",
        )
        self.assertFalse(note["danger"])
        self.assertEqual(note["action"]["res_id"], mine.id)
        self.assertEqual(
            [n["text"] for n in self._agency(self.neighbour)["notes"]],
            ["No approved plan of 2026 yet"],
        )
