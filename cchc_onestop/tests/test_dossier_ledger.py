from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..tools import ledger
from .common import OnestopCase


@tagged("post_install", "-at_install")
class TestLedgerHash(BaseCase):
    """The chain of hashes, without Odoo."""

    def _chain(self, payloads):
        lines, previous = [], ledger.GENESIS
        for number, payload in enumerate(payloads, 1):
            current = ledger.line_hash(previous, payload)
            lines.append([number, previous, current, payload])
            previous = current
        return lines

    def test_whole_chain(self):
        self.assertIsNone(
            ledger.first_broken(self._chain([{"a": 1}, {"a": "ê"}, {"b": None}]))
        )
        self.assertIsNone(ledger.first_broken([]))

    def test_each_kind_of_tampering_is_found(self):
        payloads = [{"no": number} for number in range(1, 6)]
        edited = self._chain(payloads)
        edited[2][3] = {"no": 99}
        self.assertEqual(ledger.first_broken(edited), 2)
        removed = self._chain(payloads)
        del removed[1]
        self.assertEqual(ledger.first_broken(removed), 1)
        swapped = self._chain(payloads)
        swapped[1], swapped[2] = swapped[2], swapped[1]
        self.assertEqual(ledger.first_broken(swapped), 1)
        rehashed = self._chain(payloads)
        rehashed[2][3] = {"no": 99}
        rehashed[2][2] = ledger.line_hash(rehashed[2][1], rehashed[2][3])
        self.assertEqual(ledger.first_broken(rehashed), 3, "the next line tells")

    def test_canonical_form(self):
        self.assertEqual(
            ledger.canonical({"b": "Đơn", "a": [1, None, True]}),
            '{"a":[1,null,true],"b":"Đơn"}'.encode(),
        )
        with self.assertRaisesRegex(TypeError, "cannot hold"):
            ledger.canonical({"at": object()})


@tagged("post_install", "-at_install")
class TestDossierLedger(OnestopCase):
    """Nobody changes the event log; a change behind Odoo's back is named."""

    def _verify(self, dossiers):
        return self.env["cchc.dossier.event"]._verify(dossiers.ids)

    def test_no_role_writes_or_deletes(self):
        event = self._accepted().event_ids
        for user in (
            self.desk,
            self.handler,
            self.leader,
            self.auditor,
            self.manager,
            self.env.ref("base.user_admin"),
        ):
            with self._refused((AccessError, UserError), "."):
                event.with_user(user).write({"content": "Sửa"})
            with self._refused((AccessError, UserError), "."):
                event.with_user(user).unlink()
        with self._refused(UserError, "cannot be changed by anybody"):
            event.sudo().write({"content": "Sửa"})
        with self._refused(UserError, "cannot be deleted by anybody"):
            event.sudo().unlink()
        with self._refused(UserError, "cannot be added by hand"):
            event.sudo().copy()

    def test_verify_names_the_first_broken_dossier(self):
        first, second, third = (self._ready() for _index in range(3))
        dossiers = first | second | third
        self.assertIsNone(self._verify(dossiers))
        self.env.cr.execute(
            "UPDATE cchc_dossier_event SET content = 'Đã sửa' "
            "WHERE dossier_id = ANY(%s) AND sequence = 2",
            ([second.id, third.id],),
        )
        broken = self._verify(dossiers)
        self.assertEqual(
            broken,
            {
                "dossier_id": second.id,
                "code": second.name,
                "line": 2,
                "problem": "line",
            },
        )

    def test_verify_finds_an_edited_dossier(self):
        """A due date moved by SQL does not agree with the last line any more."""
        dossier = self._accepted()
        for column, value in (
            ("due_at", "2027-01-01 10:00:00"),
            ("first_due_at", "2027-01-01 10:00:00"),
            ("state", "returned"),
            ("name", "H50.21-990101-0001"),
            ("timeliness", "on_time"),
        ):
            with self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    f"UPDATE cchc_dossier SET {column} = %s WHERE id = %s",
                    (value, dossier.id),
                )
                broken = self._verify(dossier)
                self.assertEqual(broken["problem"], "dossier", column)
                self.assertEqual(broken["dossier_id"], dossier.id)
                savepoint.rollback()
        self.assertIsNone(self._verify(dossier))

    def test_verify_finds_removed_lines(self):
        dossier = self._to_sign()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                "DELETE FROM cchc_dossier_event WHERE dossier_id = %s AND sequence > 1",
                (dossier.id,),
            )
            self.assertEqual(self._verify(dossier)["problem"], "dossier")
            savepoint.rollback()
        self.env.cr.execute(
            "DELETE FROM cchc_dossier_event WHERE dossier_id = %s", (dossier.id,)
        )
        self.assertEqual(self._verify(dossier)["problem"], "missing")

    def test_verify_finds_a_removed_dossier(self):
        """The register of numbers tells that a dossier has gone."""
        dossier = self._accepted()
        code = dossier.name
        self.env.flush_all()
        for table in ("event", "step", "document", "fee"):
            self.env.cr.execute(
                f"DELETE FROM cchc_dossier_{table} WHERE dossier_id = %s",
                (dossier.id,),
            )
        self.env.cr.execute("DELETE FROM cchc_dossier WHERE id = %s", (dossier.id,))
        self.assertIn(code, self.env["cchc.dossier.event"]._missing_codes())
