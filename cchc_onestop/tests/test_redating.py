import io
from datetime import UTC

import pypdf
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import format_date

from .common import OnestopCase, local


@tagged("post_install", "-at_install")
class TestRedating(OnestopCase):
    """A holiday announced late moves exactly the open dossiers it concerns."""

    def _holiday(self, day, calendar=None):
        calendar = calendar or self.calendar
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ bù",
                "calendar_id": calendar.id,
                "date_from": local(f"{day} 00:00"),
                "date_to": local(f"{day} 23:59"),
            }
        )

    def _wizard(self, user=None, **values):
        return (
            self.env["cchc.dossier.redate"]
            .with_user(user or self.manager)
            .create(
                {
                    "calendar_ids": [Command.set(self.calendar.ids)],
                    "content": "Thông báo 150/TB-VP",
                    **values,
                }
            )
        )

    def test_only_the_open_dossiers_concerned_move(self):
        with freeze_time(local("09/11/2026 09:00")):
            moved = self._accepted()
            ended = self._ready()
        with freeze_time(local("02/11/2026 09:00")):
            missed = self._accepted()
        with freeze_time(local("10/11/2026 09:00")):
            waiting = self._accepted()
            waiting.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
            untouched_calendar = self._new_calendar("Lịch khác")
            self.neighbour.resource_calendar_id = untouched_calendar
            before = {d: d.due_at for d in moved | ended | missed | waiting}
            self._holiday("11/11/2026")
            wizard = self._wizard()
            self.assertEqual(wizard.line_ids.dossier_id, moved)
            self.assertEqual(wizard.line_ids.due_before, local("12/11/2026 17:00"))
            self.assertEqual(wizard.line_ids.due_after, local("13/11/2026 17:00"))
            self.assertEqual(wizard.missed_count, 1)
            self.assertEqual(moved.due_at, before[moved], "nothing before confirming")
            wizard.action_apply()
        self.assertEqual(moved.due_at, local("13/11/2026 17:00"))
        self.assertEqual(moved.overdue_from, moved.due_at)
        self.assertEqual(moved.statutory_due_at, local("13/11/2026 17:00"))
        self.assertEqual(moved.first_due_at, local("12/11/2026 17:00"))
        for dossier in ended | missed | waiting:
            self.assertEqual(dossier.due_at, before[dossier])
        self.assertTrue(missed.late_at)
        event = moved.event_ids[-1]
        self.assertEqual(event.kind, "redate")
        self.assertEqual(event.user_id, self.manager)
        self.assertEqual(event.content, "Thông báo 150/TB-VP")
        self.assertEqual(event.due_before, local("12/11/2026 17:00"))
        self.assertEqual(event.due_after, local("13/11/2026 17:00"))
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(moved.ids))

    def test_a_stopped_clock_moves_on_resumption(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        self._holiday("11/11/2026")
        with freeze_time(local("10/11/2026 08:00")):
            dossier.with_user(self.desk).action_resume()
        # Nothing was counted before; 10-11 is taken out, 11-11 is a holiday.
        self.assertEqual(dossier.due_at, local("16/11/2026 17:00"))

    def test_a_list_that_changed_meanwhile_is_shown_again(self):
        with freeze_time(local("09/11/2026 09:00")):
            self._accepted()
            self._holiday("11/11/2026")
            wizard = self._wizard()
            second = self._accepted()
            self._holiday("12/11/2026")
            try:
                wizard.action_apply()
            except UserError as error:
                self.assertIn("look at the new list", str(error))
            else:
                self.fail("an old list was applied")
        self.assertIn(second, wizard.line_ids.dossier_id)

    def test_confirming_a_year_asks_for_redating(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
            year = (
                self.env["cchc.calendar.year"]
                .with_user(self.manager)
                .create({"calendar_id": self.calendar.id, "year": 2026})
            )
            year.action_propose()
            action = year.action_confirm()
            self.assertTrue(action is True, "24-11 lies after the due date")
            year.action_reopen()
            year.line_ids.filtered(
                lambda line: line.date.isoformat() == "2026-11-24"
            ).date = "2026-11-11"
            action = year.action_confirm()
            wizard = (
                self.env[action["res_model"]]
                .with_user(self.manager)
                .with_context(**action["context"])
                .create({"content": "Thông báo"})
            )
        self.assertEqual(wizard.line_ids.dossier_id, dossier)

    def test_reason_and_role(self):
        with freeze_time(local("09/11/2026 09:00")):
            self._accepted()
            self._holiday("11/11/2026")
            with self._refused(UserError, "Give the reason"):
                self._wizard(content=" ").action_apply()
            with self._refused(AccessError, "."):
                self._wizard(user=self.desk)

    def test_explanation_tells_when_the_calendar_changed(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
            self._holiday("11/11/2026")
            page = self.env["cchc.due.explanation"].create({"dossier_id": dossier.id})
            self.assertTrue(page.differs)
            self._wizard().action_apply()
            page = self.env["cchc.due.explanation"].create({"dossier_id": dossier.id})
        self.assertFalse(page.differs)
        skipped = page.committed_line_ids.filtered(
            lambda line: line.status == "skipped"
        )
        self.assertIn("Nghỉ bù", skipped[:1].reason)


@tagged("post_install", "-at_install")
class TestExplanations(OnestopCase):
    """“Why this date?” ends with the stored date, on the screen and in print."""

    def test_a_thousand_generated_dossiers(self):
        procedures = [
            self._new_procedure(
                f"9.8100{index:02d}", f"Thủ tục {index}", *limit, process=False
            )
            for index, limit in enumerate(
                (
                    (1, "working_day"),
                    (7, "working_day"),
                    (25, "working_day"),
                    (6, "working_hour"),
                    (30, "calendar_day"),
                    (2, "month"),
                    (1, "same_day"),
                )
            )
        ]
        office = self.env.ref("cchc_onestop.resource_calendar_office")
        self.commune.resource_calendar_id = office
        hours = ("00:10", "07:00", "07:30", "09:15", "11:45", "14:59", "15:30", "23:50")
        checked = 0
        for number in range(125):
            day = f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/2026"
            with freeze_time(local(f"{day} {hours[number % len(hours)]}")):
                drafts = (
                    self.env["cchc.dossier"]
                    .with_user(self.desk)
                    .create(
                        [
                            {
                                "procedure_id": procedures[(number + i) % 7].id,
                                "partner_id": self.partner.id,
                                "applicant_name": "Nguyễn Thị Hoa",
                            }
                            for i in range(8)
                        ]
                    )
                )
                drafts.action_accept()
            for dossier in drafts:
                for clock, due in (
                    ("committed", dossier.due_at),
                    ("statutory", dossier.statutory_due_at),
                ):
                    last = dossier._explain(clock)[-1]
                    self.assertEqual(
                        last.due.astimezone(UTC).replace(tzinfo=None),
                        due,
                        (day, dossier.procedure_id.name),
                    )
                checked += 1
        self.assertEqual(checked, 1000)

    def test_print(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._accepted()
            page = (
                self.env["cchc.due.explanation"]
                .with_user(self.desk)
                .create({"dossier_id": dossier.id})
            )
            content, kind = (
                self.env["ir.actions.report"]
                .with_user(self.desk)
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf("cchc_onestop.report_due_explanation", page.ids)
            )
        self.assertEqual(kind, "pdf")
        text = self._pdf_text(content)
        self.assertIn(dossier.name, text)
        for line in page.committed_line_ids:
            self.assertIn(format_date(page.env, line.date), text)

    def _pdf_text(self, content):
        reader = pypdf.PdfReader(io.BytesIO(content))
        return "\n".join(page.extract_text() for page in reader.pages)


@tagged("post_install", "-at_install")
class TestVerifySentence(OnestopCase):
    """The verification says in one sentence what it found."""

    def test_sentences(self):
        dossier = self._ready()
        events = self.env["cchc.dossier.event"]
        sentence, whole = events._verify_sentence()
        self.assertTrue(whole, sentence)
        self.env.cr.execute(
            "UPDATE cchc_dossier SET due_at = due_at + interval '9 days' WHERE id = %s",
            (dossier.id,),
        )
        self.env.invalidate_all()
        sentence, whole = events._verify_sentence()
        self.assertFalse(whole)
        self.assertIn(dossier.name, sentence)
        action = events.with_user(self.auditor).action_verify()
        self.assertEqual(action["params"]["type"], "danger")
