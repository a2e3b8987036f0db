from datetime import date

from freezegun import freeze_time

from odoo.addons.cchc_onestop.tests.common import local

from .test_audit import AuditCase

#: A day on which the audit runs.
DURING = "15/06/2026 09:00"


class SampleCase(AuditCase):
    """Dossiers of May 2026 with their records, and an audit of June that runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outside = cls.env["res.users"].browse()

    def _lived(self, day=4, late=False, **values):
        """Return a dossier received on a day of May 2026, its result made ready."""
        with freeze_time(local(f"{day:02}/05/2026 08:00")):
            dossier = self._accepted(**values)
        with freeze_time(local(f"{day:02}/05/2026 14:00")):
            dossier.with_user(self.handler).action_pass_step()
        end = day + 7 if late else day
        with freeze_time(local(f"{end:02}/05/2026 15:00")):
            dossier.with_user(self.leader).action_sign()
        with freeze_time(local(f"{end:02}/05/2026 15:30")):
            if late:
                self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
        return dossier

    def _record(self, dossiers):
        """Write the records of dossiers as the scheduled action does."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_iso_record_queue SET ready_at = '2000-01-01' "
            "WHERE dossier_id = ANY(%s)",
            (dossiers.ids,),
        )
        while self.env["cchc.iso.record"]._record_batch(100):
            self.env.invalidate_all()

    def _recorded(self, count=3, **values):
        dossiers = self.env["cchc.dossier"]
        for number in range(count):
            dossiers |= self._lived(day=4 + number % 2, **values)
        self._record(dossiers)
        return dossiers

    def _sample(self, audit, user=None, **values):
        """Return a draft of a sample of the dossiers that ended in May 2026."""
        return (
            self.env["cchc.iso.sample"]
            .with_user(user or self.iso_auditor)
            .create(
                {
                    "name": "Mẫu 1",
                    "audit_id": audit.id,
                    "period_from": date(2026, 5, 1),
                    "period_to": date(2026, 5, 31),
                    "size": 2,
                    **values,
                }
            )
        )

    def _drawn(self, dossiers=None, audit=None, **values):
        """Return a sample that holds all dossiers of May 2026, and its audit runs."""
        dossiers = dossiers or self._recorded()
        audit = audit or self._running_audit()
        sample = self._sample(audit, size=1000, **values)
        sample.action_draw()
        return sample
