from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import replay
from .common import OnestopCase, local


@tagged("post_install", "-at_install")
class TestDossierReplay(OnestopCase):
    """History that is taken over is marked as such, and never made better."""

    def _replayed(self, records, moment, user=None):
        clock = replay.Clock(local(moment))
        return replay.replayed(records.with_user(user or self.desk), clock), clock

    def _taken_over(self, moment="02/11/2026 08:00"):
        """Return a dossier accepted in the past, and the clock of its replay."""
        dossiers, clock = self._replayed(self.env["cchc.dossier"], moment)
        dossier = dossiers.create(
            {"procedure_id": self.procedure.id, "applicant_name": "Nguyễn Thị Hoa"}
        )
        dossier._onchange_procedure_id()
        dossier.document_ids.received = True
        dossier.action_accept()
        return dossier, clock

    @freeze_time("2026-11-20 03:00:00")
    def test_replayed_events_say_so(self):
        dossier, clock = self._taken_over()
        clock.set(local("03/11/2026 09:00"))
        dossier.with_user(self.handler).action_pass_step()
        self.assertTrue(dossier.imported)
        self.assertEqual(dossier.accepted_at, local("02/11/2026 08:00"))
        self.assertEqual(dossier.due_at, local("05/11/2026 17:00"))
        taken, *events = dossier.event_ids
        self.assertEqual(taken.kind, "import")
        self.assertEqual(taken.at, local("20/11/2026 10:00"))
        self.assertEqual(events[0].at, local("02/11/2026 08:00"))
        for event in dossier.event_ids:
            self.assertTrue(event.data["replayed"])
            self.assertEqual(event.data["recorded_at"], "2026-11-20T03:00:00Z")
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))

    @freeze_time("2026-11-20 03:00:00")
    def test_the_missed_due_date_is_replayed_too(self):
        dossier, clock = self._taken_over()
        clock.set(local("06/11/2026 08:00"))
        dossier.with_user(self.handler).action_pass_step()
        self.assertEqual(dossier.late_at, local("05/11/2026 17:00"))
        self.assertIn("miss", dossier.event_ids.mapped("kind"))
        clock.set(local("06/11/2026 09:00"))
        dossier.with_user(self.leader).action_sign()
        dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "late")

    @freeze_time("2026-11-20 03:00:00")
    def test_no_event_before_the_last_one(self):
        dossier, clock = self._taken_over()
        clock.set(local("06/11/2026 08:00"))
        dossier.with_user(self.handler).action_pass_step()
        clock.set(local("05/11/2026 16:00"))
        with self._refused(UserError, "cannot be replayed"):
            dossier.with_user(self.leader).action_sign()
        with self._refused(UserError, "cannot be replayed"):
            clock.set(local("01/11/2026 16:00"))
            dossier.with_user(self.desk).action_withdraw(content="Rút")
        self.assertTrue(dossier.late_at)

    @freeze_time("2026-11-20 03:00:00")
    def test_no_replay_of_what_lives_here(self):
        """A dossier received here cannot be ended at a better time."""
        with freeze_time("2026-11-02 01:00:00"):
            dossier = self._to_sign()
        self.env.invalidate_all()
        self.assertTrue(dossier.is_overdue)
        backdated, _clock = self._replayed(dossier, "05/11/2026 10:00", self.leader)
        with self._refused(UserError, "lives here"):
            backdated.action_sign()
        self.assertFalse(dossier.ended_at)

    @freeze_time("2026-11-20 03:00:00")
    def test_no_replay_after_it_went_on_here(self):
        dossier, clock = self._taken_over("19/11/2026 08:00")
        live = replay.replayed(dossier, None)
        live.with_user(self.handler).action_pass_step()
        self.assertNotIn("replayed", live.event_ids[-1].data)
        clock.set(local("20/11/2026 10:00"))
        with self._refused(UserError, "cannot be replayed"):
            dossier.with_user(self.leader).action_sign()

    @freeze_time("2026-11-20 03:00:00")
    def test_the_clock_is_never_ahead(self):
        clock = replay.Clock(local("20/11/2026 10:00"))
        with self.assertRaisesRegex(ValueError, "in the future"):
            clock.set(local("20/11/2026 10:00") + timedelta(seconds=1))

    @freeze_time("2026-11-20 03:00:00")
    def test_nothing_that_comes_over_rpc_is_a_clock(self):
        moment = "2026-11-02 01:00:00"
        for forged in (
            moment,
            {"moment": moment},
            [moment],
            True,
            "<cchc replay clock at 2026-11-02 01:00:00>",
        ):
            draft = self._draft().with_context(cchc_replay=forged)
            draft.action_accept()
            self.assertEqual(draft.accepted_at, local("20/11/2026 10:00"))
            self.assertFalse(draft.imported)

    def test_the_mark_cannot_be_written(self):
        dossier = self._accepted()
        for value in (True, False):
            with self._refused(UserError, "cannot be written directly"):
                dossier.write({"imported": value})
        with self._refused(UserError, "cannot be written directly"):
            self._draft(imported=True)
