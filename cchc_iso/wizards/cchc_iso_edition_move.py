from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcIsoEditionMove(models.TransientModel):
    """Move a system to another edition, seeing first what changes.

    Nothing of the past is rewritten: audits, findings and declarations keep the
    edition they were made under, exclusions of the old edition stay as they were and
    are carried over as new rows where a clause has a successor.
    """

    _name = "cchc.iso.edition.move"
    _description = "Move to Another Edition"

    system_id = fields.Many2one(
        "mgmtsystem.system", required=True, readonly=True, ondelete="cascade"
    )
    old_edition_id = fields.Many2one(related="system_id.edition_id", string="From")
    edition_id = fields.Many2one(
        "cchc.iso.edition",
        "To",
        required=True,
        domain="[('is_certifiable', '=', True), ('id', '!=', old_edition_id), "
        "('state', '=', 'published')]",
    )
    reason = fields.Char(
        required=True, help="E.g. decision of the head, end of the transition"
    )
    carry_exclusions = fields.Boolean(
        "Carry Exclusions over",
        default=True,
        help="Clauses that do not apply today are excluded again where they have a "
        "successor, with the same justification",
    )
    line_ids = fields.One2many(
        "cchc.iso.edition.move.line",
        "wizard_id",
        compute="_compute_lines",
        store=True,
        readonly=True,
    )
    kept_count = fields.Integer("Mapped", compute="_compute_counts")
    new_count = fields.Integer("New", compute="_compute_counts")
    dropped_count = fields.Integer("Dropped", compute="_compute_counts")

    @api.depends("edition_id", "system_id")
    def _compute_lines(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(vals) for vals in wizard._get_lines()
            ]

    @api.depends("line_ids.kind")
    def _compute_counts(self):
        for wizard in self:
            kinds = wizard.line_ids.mapped("kind")
            wizard.kept_count = kinds.count("mapped")
            wizard.new_count = kinds.count("new")
            wizard.dropped_count = kinds.count("dropped")

    def _get_lines(self):
        """Return every mapped pair, what is new and what has no successor."""
        old, new = self.old_edition_id.clause_ids, self.edition_id.clause_ids
        if not new:
            return []
        excluded = self.env["cchc.iso.clause"]._excluded(self.system_id)
        pairs = self.env["cchc.iso.clause.map"].search(
            [
                ("old_edition_id", "=", self.old_edition_id.id),
                ("new_edition_id", "=", self.edition_id.id),
            ]
        )
        rows = [
            {
                "kind": "mapped",
                "old_clause_id": pair.old_clause_id.id,
                "new_clause_id": pair.new_clause_id.id,
                "change": pair.change,
                "is_excluded": pair.old_clause_id in excluded,
                "note": pair.note,
                "sort_key": pair.new_clause_id.sort_key,
            }
            for pair in pairs
        ]
        rows += [
            {"kind": "new", "new_clause_id": clause.id, "sort_key": clause.sort_key}
            for clause in new - pairs.new_clause_id
        ]
        rows += [
            {
                "kind": "dropped",
                "old_clause_id": clause.id,
                "is_excluded": clause in excluded,
                "sort_key": clause.sort_key,
            }
            for clause in old - pairs.old_clause_id
        ]
        return sorted(rows, key=lambda row: (row["sort_key"], row["kind"]))

    def action_move(self):
        """Move the system, carry exclusions over, and log it.

        :raise UserError: when the edition has no clauses or is not published
        """
        self.ensure_one()
        system, old, new = self.system_id, self.old_edition_id, self.edition_id
        system.check_access("write")
        if new == old or not new.clause_ids or new.state != "published":
            raise UserError(
                self.env._(
                    "Choose a published edition with clauses, other than the present "
                    "one."
                )
            )
        carried = self._carried()
        kept, added, dropped = self.kept_count, self.new_count, self.dropped_count
        self._tie_to_successors()
        unlocked(system).write({"edition_id": new.id})
        for clause, justification in carried:
            self.env["cchc.iso.clause.exclusion"].create(
                {
                    "system_id": system.id,
                    "clause_id": clause.id,
                    "justification": justification,
                }
            )
        system.message_post(
            body=Markup("<p>%s</p><p>%s</p>")
            % (
                self.env._(
                    "Moved from %(old)s to %(new)s: %(kept)s clauses mapped, %(added)s "
                    "new, %(dropped)s dropped.",
                    old=old.code or "-",
                    new=new.code,
                    kept=kept,
                    added=added,
                    dropped=dropped,
                ),
                self.reason,
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _tie_to_successors(self):
        """Tie documents and kinds of records to the new clauses beside the old ones."""
        successors = {}
        for pair in self.env["cchc.iso.clause.map"].search(
            [
                ("old_edition_id", "=", self.old_edition_id.id),
                ("new_edition_id", "=", self.edition_id.id),
            ]
        ):
            successors.setdefault(pair.old_clause_id, []).append(pair.new_clause_id)
        old = [("clause_ids", "in", [clause.id for clause in successors])]
        pages = self.env["document.page"].search(
            [*old, ("system_id", "=", self.system_id.id)]
        )
        # the mapping to records is shared by all systems and only grows
        kinds = (
            self.env["cchc.iso.clause.record"]
            .sudo()
            .search([*old, ("system_id", "in", [self.system_id.id, False])])
        )
        for records in (pages, kinds):
            for record in records:
                record.clause_ids = [
                    Command.link(clause.id)
                    for old_clause in record.clause_ids
                    for clause in successors.get(old_clause, ())
                ]

    def _carried(self):
        """Return ``[(clause, justification)]`` to exclude under the new edition."""
        if not self.carry_exclusions:
            return []
        carried = {}
        for exclusion in self.system_id.exclusion_ids:
            for pair in exclusion.clause_id.new_map_ids:
                if pair.new_edition_id == self.edition_id:
                    carried.setdefault(pair.new_clause_id, exclusion.justification)
        kept = self.system_id.exclusion_ids.clause_id
        return [
            (clause, text) for clause, text in carried.items() if clause not in kept
        ]


class CchcIsoEditionMoveLine(models.TransientModel):
    _name = "cchc.iso.edition.move.line"
    _description = "Clause in the Move to Another Edition"
    _order = "sort_key, id"

    wizard_id = fields.Many2one(
        "cchc.iso.edition.move", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("mapped", "Mapped"), ("new", "New"), ("dropped", "Dropped")]
    )
    old_clause_id = fields.Many2one("cchc.iso.clause", "Today")
    new_clause_id = fields.Many2one("cchc.iso.clause", "Then")
    change = fields.Selection(
        lambda self: self.env["cchc.iso.clause.map"]._fields["change"].selection
    )
    is_excluded = fields.Boolean("Excluded Today")
    note = fields.Char()
    sort_key = fields.Char()
