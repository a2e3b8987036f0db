from odoo import fields, models


class MgmtsystemSystem(models.Model):
    """When a document that is to be updated becomes pressing."""

    # One file per subject: see docs/architecture.md.
    _inherit = "mgmtsystem.system"  # pylint: disable=consider-merging-classes-inherited

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
