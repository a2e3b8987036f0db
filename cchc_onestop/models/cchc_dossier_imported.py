from odoo import fields, models
from odoo.exceptions import UserError

from .cchc_dossier_clock import aware

_OWN = frozenset({"import_digest", "due_imported", "imported_fee"})


class CchcDossier(models.Model):
    """What a dossier keeps of the other software that it comes from.

    Its appointment is the one that the applicant was given there: it is not worked
    out again, only moved by what stops the clock here.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    import_digest = fields.Char(
        readonly=True,
        copy=False,
        help="Fingerprint of the imported row: the same row changes nothing",
    )
    due_imported = fields.Boolean(
        string="Appointment Imported",
        readonly=True,
        copy=False,
        help="The appointment is that of the former software, not worked out here",
    )
    imported_fee = fields.Float(
        string="Fee in the Former Software",
        digits=(16, 0),
        readonly=True,
        copy=False,
        help="For information: collected there, not part of the payments here",
    )

    _external_code_uniq = models.UniqueIndex(
        "(company_id, external_code) "
        "WHERE import_digest IS NOT NULL AND external_code IS NOT NULL",
        "A dossier with this code of the former software has already been imported.",
    )

    def _check_protected(self, names):
        if names & _OWN:
            raise UserError(
                self.env._("What was imported is written by the import, not by hand.")
            )
        return super()._check_protected(names)

    def action_explain(self):
        """Nothing here worked an imported appointment out, so nothing explains it."""
        self.ensure_one()
        if self.due_imported:
            raise UserError(
                self.env._(
                    "The appointment of %s was imported, not worked out here: the "
                    "event log says from which file.",
                    self.display_name,
                )
            )
        return super().action_explain()

    def _counted_dates(self, working, stops):
        if not self.due_imported:
            return super()._counted_dates(working, stops)
        pauses = [(start, end, "pause") for start, end, _kind in stops]
        start = aware(self.clock_start_at)
        # The statutory date moves from where it stands: nothing gave it at the start.
        return (
            working.add_pauses(start, aware(self.first_due_at), pauses),
            aware(self.statutory_due_at) if self.statutory_due_at else None,
        )
