import runpy
from datetime import timedelta
from pathlib import Path

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import OnestopCase, local


@tagged("post_install", "-at_install")
class TestEvaluation(OnestopCase):
    """Phiếu đánh giá việc giải quyết TTHC (NĐ 61/2018/NĐ-CP Đ.29, Đ.31)."""

    def _returned(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._ready()
            dossier.with_user(self.desk).action_return_result()
        return dossier

    def _slip(self, dossier, user=None, **vals):
        return (
            self.env["cchc.evaluation"]
            .with_user(user or self.desk)
            .create({"dossier_id": dossier.id, "level": "satisfied", **vals})
        )

    def test_quick_entry_at_the_desk(self):
        dossier = self._returned().with_user(self.desk)
        action = dossier.action_evaluate()
        with Form(
            self.env["cchc.evaluation"]
            .with_user(self.desk)
            .with_context(**action["context"]),
            view=action["views"][0][0],
        ) as form:
            form.level = "very_satisfied"
            self.assertEqual(len(form.answer_ids), 9)
            with form.answer_ids.edit(0) as answer:
                answer.level = "very_satisfied"
            form.comment = "Nhanh, tận tình"
        slip = form.save()
        self.assertEqual(slip.company_id, self.commune)
        self.assertEqual(slip.sector_id, self.sector)
        self.assertEqual(slip.entered_by_id, self.desk)
        self.assertEqual(slip.satisfied, 1)
        self.assertEqual(
            slip.answer_ids.filtered("level").criterion_id.mapped("code"), ["a"]
        )

    def test_one_slip_per_dossier_whatever_the_source(self):
        dossier = self._returned()
        self._slip(dossier)
        for source in ("counter", "device", "online", "phone"):
            with (
                self.subTest(source=source),
                mute_logger("odoo.sql_db"),
                self.assertRaises(UniqueViolation) as raised,
                self.env.cr.savepoint(),
            ):
                self._slip(dossier, source=source)
            self.assertIn("cchc_evaluation_slip_uniq", str(raised.exception))

    def test_migration_keeps_the_first_slip_of_a_dossier(self):
        first, later = self._returned(), self._returned()
        slip, other = self._slip(first), self._slip(later)
        other.flush_recordset()
        # as it was before: a second slip from another source
        self.env.cr.execute("DROP INDEX cchc_evaluation_slip_uniq")
        self.env.cr.execute(
            "UPDATE cchc_evaluation SET dossier_id = %s, source = 'phone' "
            "WHERE id = %s",
            (first.id, other.id),
        )
        path = (
            Path(__file__).parents[1]
            / "migrations"
            / "19.0.2.3.0"
            / "pre-evaluation_once.py"
        )
        migration = runpy.run_path(str(path))
        migration["migrate"](self.env.cr, "19.0.2.2.0")
        self.env.invalidate_all()
        self.assertTrue(slip.active)
        self.assertFalse(other.active)
        self.assertIn("mỗi hồ sơ một phiếu", other.void_reason)

    def test_only_after_the_result_was_returned(self):
        dossier = self._accepted()
        with self._refused(UserError, "after its result was returned"):
            self._slip(dossier)
        dossier = self._returned()
        with self._refused(UserError, "before the return"):
            self._slip(dossier, evaluated_at=dossier.returned_at - timedelta(hours=1))
        with self._refused(UserError, "in the future"):
            self._slip(dossier, evaluated_at=fields.Datetime.now() + timedelta(days=1))

    def test_hidden_from_who_settled_the_dossier(self):
        dossier = self._returned()
        slip = self._slip(dossier, level="dissatisfied")
        with self.assertRaises(AccessError):
            slip.with_user(self.handler).read(["level"])
        # also when the person holds a right to read slips
        self.handler.group_ids += self.env.ref("cchc_onestop.group_leader")
        with self.assertRaises(AccessError):
            slip.with_user(self.handler).read(["level"])
        self.assertFalse(self.env["cchc.evaluation"].with_user(self.handler).search([]))
        self.assertFalse(
            self.env["cchc.evaluation.answer"].with_user(self.handler).search([])
        )
        self.assertEqual(slip.with_user(self.leader).level, "dissatisfied")
        other_desk = self._new_user("desk2", "group_desk")
        self.assertFalse(self.env["cchc.evaluation"].with_user(other_desk).search([]))

    def test_never_changed_only_voided_with_a_reason(self):
        dossier = self._returned()
        slip = self._slip(dossier)
        for user in (self.manager, self.env.user):
            with self._refused(UserError, "not changed"):
                slip.with_user(user).write({"level": "very_satisfied"})
            with self._refused(UserError, "not changed later"):
                slip.answer_ids[:1].with_user(self.env.user).write(
                    {"level": "satisfied"}
                )
        with self._refused(UserError, "never deleted"):
            slip.sudo().unlink()
        with self.assertRaises(AccessError):
            slip._void("Nhập nhầm")
        wizard = self.env["cchc.evaluation.void"].with_user(self.manager)
        wizard.create(
            {"evaluation_ids": slip.ids, "reason": "Nhập nhầm hồ sơ"}
        ).action_confirm()
        self.assertFalse(slip.active)
        self.assertEqual(slip.sudo().void_reason, "Nhập nhầm hồ sơ")
        self.assertTrue(self._slip(dossier))

    def test_desk_cannot_enter_for_somebody_else(self):
        slip = self._slip(self._returned(), entered_by_id=self.leader.id)
        self.assertEqual(slip.entered_by_id, self.desk)
