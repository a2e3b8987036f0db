import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: Inputs of the review (9.3.2), in the order of the standard.
INPUTS = ("a", "b", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "d", "e", "f")


class CchcIsoReviewInput(models.Model):
    """One input of a management review: its figures, and what is thought of them."""

    _name = "cchc.iso.review.input"
    _description = "Input of a Management Review"
    _order = "review_id, key, id"
    _rec_name = "key"

    review_id = fields.Many2one(
        "mgmtsystem.review", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    key = fields.Selection(
        [
            ("a", "a) Actions of earlier reviews"),
            ("b", "b) Changes outside and inside"),
            ("c1", "c1) Satisfaction of citizens"),
            ("c2", "c2) Quality objectives"),
            ("c3", "c3) Performance of the processes"),
            ("c4", "c4) Nonconformities and corrective actions"),
            ("c5", "c5) Monitoring and measurement"),
            ("c6", "c6) Results of audits"),
            ("c7", "c7) External providers"),
            ("d", "d) Adequacy of resources"),
            ("e", "e) Actions on risks and opportunities"),
            ("f", "f) Opportunities for improvement"),
        ],
        "Input",
        required=True,
        readonly=True,
    )
    figure_ids = fields.One2many(
        "cchc.iso.review.figure", "input_id", "Figures", readonly=True
    )
    current_ids = fields.One2many(
        "cchc.iso.review.figure",
        "input_id",
        "Figures in Force",
        domain=[("is_current", "=", True)],
        readonly=True,
    )
    summary = fields.Text("Measured", compute="_compute_summary")
    assessment = fields.Text(help="What the figures mean, and what is missing in them")

    _key_uniq = models.Constraint(
        "UNIQUE (review_id, key)", "The review has this input already."
    )

    @api.depends("key")
    def _compute_display_name(self):
        names = dict(self._fields["key"]._description_selection(self.env))
        for row in self:
            row.display_name = names.get(row.key, "")

    @api.depends("figure_ids.is_current", "figure_ids.value")
    def _compute_summary(self):
        for row in self:
            row.summary = "\n".join(
                f"{figure.name}: {figure.value}" for figure in row.current_ids
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("The inputs of a review are those of the standard.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            self.review_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The inputs of a review are those of the standard."))

    # -- measuring
    def _facts(self):
        """Return the figures of this input as the data say now.

        In the language in which the review was measured first: a reader of another
        language finds no difference where there is none.
        """
        self.ensure_one()
        review = self.review_id.sudo()
        maker = self.env["cchc.iso.review.measure"].sudo()
        return maker.with_context(lang=review._figure_lang())._facts(
            self.sudo().with_context(lang=review._figure_lang()), review._scope()
        )

    def _measure(self):
        """Measure the inputs and store what is new or differs; return these rows."""
        figures = self.env["cchc.iso.review.figure"]
        changed = figures
        for row in self:
            scope = row.review_id._scope()
            lang = row.review_id._figure_lang()
            known = {figure.code: figure for figure in row.current_ids}
            for sequence, fact in enumerate(row._facts()):
                before = known.get(fact["code"], figures)
                content = {
                    name: fact.get(name) or False
                    for name in ("value", "numerator", "denominator", "detail")
                }
                if before and all(
                    (before[name] or False) == content[name] for name in content
                ):
                    continue
                unlocked(before).write({"is_current": False})
                before.flush_recordset(["is_current"])
                changed |= unlocked(figures).create(
                    {
                        "input_id": row.id,
                        "review_id": row.review_id.id,
                        "sequence": sequence,
                        "code": fact["code"],
                        "name": fact["name"],
                        "source": fact["source"],
                        "as_of": fields.Datetime.now(),
                        "measured_by_id": self.env.uid,
                        "version": before.version + 1,
                        "replaces_id": before.id,
                        "parameters": json.dumps(
                            {
                                "figure": fact["code"],
                                "model": fact["model"],
                                "lang": lang,
                                "company": scope.company_id,
                                "from": str(scope.date_from),
                                "to": str(scope.date_to),
                                "start": f"{scope.start:%Y-%m-%dT%H:%M:%SZ}",
                                "end": f"{scope.end:%Y-%m-%dT%H:%M:%SZ}",
                            },
                            sort_keys=True,
                        ),
                        **content,
                    }
                )
        return changed
