from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools.search_text import normalise

from ..tools.criterion_match import Node, match


class CchcIndexSetPrevious(models.Model):
    """Which criteria of the set before are which of this one: merged, split, dropped.

    Years are compared by it, and what became of lost points is read by it.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.set"  # pylint: disable=consider-merging-classes-inherited

    mapped_count = fields.Integer("Found in the Set Before", compute="_compute_mapped")
    dropped_text = fields.Text("Not Scored Any More", compute="_compute_mapped")
    added_text = fields.Text("New Criteria", compute="_compute_mapped")

    @api.depends("previous_id", "criterion_ids.previous_ids")
    def _compute_mapped(self):
        for record in self:
            leaves = record.criterion_ids.filtered("is_leaf")
            mapped = leaves.filtered("previous_ids")
            record.mapped_count = len(mapped)
            if not record.previous_id:
                record.dropped_text = record.added_text = False
                continue
            before = record.sudo().previous_id.criterion_ids.filtered("is_leaf")
            dropped = before - leaves.sudo()._come_from(before)
            record.dropped_text = record._one_per_line(dropped)
            record.added_text = record._one_per_line(leaves - mapped)

    @api.model
    def _one_per_line(self, criteria):
        return "\n".join(criteria.sorted("path").mapped("display_name")) or False

    @api.constrains("previous_id")
    def _check_previous(self):
        if self._has_cycle("previous_id"):
            raise ValidationError(
                self.env._("A set cannot come before itself; choose another one.")
            )

    def action_propose_previous(self):
        """Propose where criteria come from, for those that say nothing yet.

        :raises UserError: without a set before
        """
        self.ensure_one()
        self.check_access("write")
        if not self.previous_id:
            raise UserError(
                self.env._(
                    "Choose the set before “%s” first: its criteria are compared.",
                    self.name,
                )
            )
        self._propose_previous()
        return self.action_previous()

    def _propose_previous(self):
        """Map criteria by number and name, as far as they say nothing yet."""
        before = self.sudo().previous_id.criterion_ids
        new = self.criterion_ids.filtered(lambda node: not node.previous_ids)
        free = before - self.sudo().criterion_ids.previous_ids
        found = match(_nodes(new), _nodes(free))
        for node in new:
            if node.id in found:
                node.previous_ids = [Command.set([found[node.id]])]

    def action_previous(self):
        """Open the criteria beside those of the set before, to be corrected."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_index_previous_action"
        )
        return {
            **action,
            "domain": [("set_id", "=", self.id)],
            "context": {"cchc_set_before": self.previous_id.id},
        }


def _nodes(criteria):
    return [
        Node(node.id, node.code, normalise(node.name), node.is_leaf)
        for node in criteria.sorted("path")
    ]
