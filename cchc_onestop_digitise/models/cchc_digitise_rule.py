from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.cchc_onestop.tools import search_text

BASES = [
    ("earlier_result", "Result of an earlier procedure"),
    ("sector_law", "Sector law"),
    ("decision", "Decision"),
]


class CchcDigitiseRule(models.Model):
    """Which parts of a dossier must be digitised, and why (TT 01/2023/TT-VPCP).

    A published version of a procedure is never changed, while the list of what is to be
    digitised is decided apart from it and at other times: so it is a rule beside the
    version, with its decision and its dates. What a version itself says (column
    “must be digitised” of the published list) holds where no rule speaks.
    """

    _name = "cchc.digitise.rule"
    _description = "Rule of Digitisation"
    _order = "valid_from desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", string="Agency", help="Empty: for every agency"
    )
    procedure_id = fields.Many2one(
        "cchc.procedure",
        index=True,
        ondelete="cascade",
        help="Empty: in every procedure",
    )
    applies_to = fields.Selection(
        [("part", "Parts handed in"), ("result", "Results")],
        required=True,
        default="part",
    )
    part_code = fields.Char(
        string="Code of the Part", help="Code of the part (mã giấy tờ); empty: any"
    )
    part_name = fields.Char(
        string="Words of the Name",
        help="All these words stand in the name of the part, one after the other; "
        "case and accents do not matter. Empty: any name",
    )
    required = fields.Boolean(
        string="Must Be Digitised",
        default=True,
        help="Unticked: need not be digitised, although a wider rule or the published "
        "version says so",
    )
    basis = fields.Selection(BASES, required=True, default="decision")
    legal_basis = fields.Char(required=True)
    decision_number = fields.Char()
    decision_date = fields.Date()
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="From general knowledge, not from a published text"
    )
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )

    @api.depends("procedure_id", "applies_to", "part_code", "part_name")
    def _compute_name(self):
        for rule in self:
            what = rule.part_code or rule.part_name
            if not what:
                what = (
                    self.env._("Results")
                    if rule.applies_to == "result"
                    else self.env._("All parts")
                )
            name = rule.procedure_id.name
            rule.name = f"{what} – {name}" if name else what

    @api.constrains("basis", "decision_number", "decision_date")
    def _check_decision(self):
        for rule in self:
            if rule.basis == "decision" and not rule.decision_number:
                raise ValidationError(
                    self.env._(
                        "A rule by decision names the number of the decision "
                        "(TT 01/2023/TT-VPCP)."
                    )
                )

    # ------------------------------------------------------------------
    # Looking up
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("company_id", "day")
    def _in_force(self, company_id, day):
        """Return the rules of an agency on a day, the most special first.

        A rule for the procedure goes before a general one, one of the agency before
        one for all, one with a code before one with words, a later before an earlier.
        """
        rules = self.sudo().search(
            [
                ("company_id", "in", [company_id, False]),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        found = [
            (
                (
                    bool(rule.procedure_id),
                    bool(rule.company_id),
                    bool(rule.part_code),
                    bool(rule.part_name),
                    rule.valid_from,
                    rule.id,
                ),
                {
                    "procedure_id": rule.procedure_id.id,
                    "is_result": rule.applies_to == "result",
                    "code": (rule.part_code or "").strip().upper(),
                    "words": f" {search_text.normalise(rule.part_name)} "
                    if rule.part_name
                    else "",
                    "answer": {
                        "digitise_required": rule.required,
                        "digitise_basis": rule.required and rule.basis,
                        "digitise_legal": rule.required and rule._reference(),
                    },
                },
            )
            for rule in rules
        ]
        found.sort(key=lambda row: row[0], reverse=True)
        return tuple(row for _rank, row in found)

    def _reference(self):
        """Return the legal reference in one line."""
        parts = [self.legal_basis]
        if self.decision_number and self.decision_number not in self.legal_basis:
            parts.append(self.decision_number)
        if self.decision_date:
            parts.append(f"{self.decision_date:%d/%m/%Y}")
        return ", ".join(parts)

    @api.model
    def _answer(self, company_id, day, procedure_id, vals, part):
        """Return what is written on a part of a dossier.

        :param dict vals: ``code``, ``name`` and ``is_result`` of the part
        :param part: the part of the version it comes from, or none
        """
        code = (vals.get("code") or "").strip().upper()
        name = f" {search_text.normalise(vals.get('name'))} "
        for rule in self._in_force(company_id, day):
            if (
                rule["is_result"] == bool(vals.get("is_result"))
                and rule["procedure_id"] in (False, procedure_id)
                and rule["code"] in ("", code)
                and rule["words"] in name
            ):
                return dict(rule["answer"])
        required = part.digitise_required
        return {
            "digitise_required": required,
            "digitise_basis": False,
            "digitise_legal": required and part.digitise_basis,
        }
