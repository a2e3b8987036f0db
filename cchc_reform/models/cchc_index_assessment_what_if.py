from odoo import Command, models


class CchcIndexAssessmentWhatIf(models.Model):
    """The way from an assessment to what would raise it."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment"  # pylint: disable=consider-merging-classes-inherited

    def action_what_if(self):
        """Open the page of what would raise the score most."""
        self.ensure_one()
        self.check_access("read")
        page = self.env["cchc.index.what.if"].create(
            {
                "assessment_id": self.id,
                "line_ids": [
                    Command.create(vals)
                    for line in self._leaves()
                    if (vals := line._what_if_vals())
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would Raise %s", self.name),
            "res_model": page._name,
            "res_id": page.id,
            "views": [(False, "form")],
            "target": "current",
        }
