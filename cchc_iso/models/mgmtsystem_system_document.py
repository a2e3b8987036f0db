from odoo import fields, models


class MgmtsystemSystem(models.Model):
    """Who drafts, reviews and approves the documents of a quality system."""

    # One file per subject: see docs/architecture.md.
    _inherit = "mgmtsystem.system"  # pylint: disable=consider-merging-classes-inherited

    document_secretary_id = fields.Many2one(
        "res.users",
        "ISO Secretary",
        help="Is told when a process document has to be updated",
    )
    document_reviewer_id = fields.Many2one(
        "res.users", "Documents Reviewed by", help="Proposed for each new issue"
    )
    document_approver_id = fields.Many2one(
        "res.users", "Documents Approved by", help="Proposed for each new issue"
    )
    warning_percent = fields.Integer(
        "Warn after (%)",
        default=75,
        help="Share of the days to update a document after which the task is shown "
        "as pressing",
    )

    _warning_percent_range = models.Constraint(
        "CHECK (warning_percent BETWEEN 0 AND 100)",
        "The warning comes after 0 to 100 percent of the time.",
    )
