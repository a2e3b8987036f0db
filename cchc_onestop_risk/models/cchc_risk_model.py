from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_dossier_row import STEP_ROLES
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import history
from ..tools.sample import Sample, mean, quantile

BASES = [
    (history.STEP, "This step of the procedure"),
    (history.PROCEDURE, "The whole procedure"),
    (history.SECTOR, "The field"),
]
#: Hours are kept in minutes, shares of the limit in thousandths.
SCALE = {history.STEP: 60, history.PROCEDURE: 60, history.SECTOR: 1000}
_FIGURES = (("median", 0.5), ("p80", 0.8), ("p90", 0.9))


class CchcRiskModel(models.Model):
    """How long finished dossiers of an agency took: by step, procedure and field.

    Made anew every night from the agency's own history; nobody writes it. Of a step:
    working hours in the step and from it to the ready result. Of a procedure: from the
    start of the clock to the ready result. Of a field, whose procedures have unlike
    limits: the share of the limit that was used. Stops of the clock never count.
    """

    _name = "cchc.risk.model"
    _description = "Times of Finished Dossiers"
    _inherit = ["cchc.guarded.mixin"]
    _order = "company_id, procedure_id, base, step_order, id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, ondelete="cascade"
    )
    base = fields.Selection(BASES, required=True, readonly=True)
    procedure_id = fields.Many2one("cchc.procedure", readonly=True, ondelete="cascade")
    sector_id = fields.Many2one(
        "cchc.sector", string="Field", readonly=True, ondelete="cascade"
    )
    role = fields.Selection(STEP_ROLES, readonly=True)
    step = fields.Char(readonly=True)
    step_order = fields.Float(readonly=True, help="Usual place among the steps")
    dossier_count = fields.Integer(
        string="Finished Dossiers", readonly=True, aggregator="max"
    )
    enough = fields.Boolean(
        string="Enough History",
        readonly=True,
        help="Enough finished dossiers for an estimate, by the thresholds of the day",
    )
    late_share = fields.Float(string="Late (%)", readonly=True, aggregator="avg")
    stay_median = fields.Float(
        string="Stay: Half",
        readonly=True,
        aggregator="avg",
        help=(
            "Half of the dossiers left the step within so many working hours; of a "
            "field: within this share of the time limit, in per cent"
        ),
    )
    stay_p80 = fields.Float(string="Stay: 4 of 5", readonly=True, aggregator="avg")
    stay_p90 = fields.Float(string="Stay: 9 of 10", readonly=True, aggregator="avg")
    rest_median = fields.Float(
        string="To the Result: Half",
        readonly=True,
        aggregator="avg",
        help=("From entering the step to the ready result, in working hours"),
    )
    rest_p80 = fields.Float(
        string="To the Result: 4 of 5", readonly=True, aggregator="avg"
    )
    rest_p90 = fields.Float(
        string="To the Result: 9 of 10", readonly=True, aggregator="avg"
    )
    measured_at = fields.Datetime(readonly=True)
    sample = fields.Json(
        readonly=True,
        prefetch=False,
        groups="base.group_system",
        help="Stay and rest of each finished dossier, in minutes or thousandths",
    )

    _agency_idx = models.Index("(company_id, procedure_id)")

    @api.depends("base", "procedure_id", "sector_id", "step")
    def _compute_display_name(self):
        for model in self:
            name = (model.procedure_id or model.sector_id).display_name or ""
            model.display_name = f"{name} – {model.step}" if model.step else name

    # -- building
    @api.model
    def _build(self, company, finished, limits, now):
        """Replace the rows of an agency by what these finished dossiers say."""
        late = self._late_shares(finished)
        places = self._step_places(finished)
        vals_list = [
            self._prepare(company, key, pairs, late, places, limits, now)
            for key, pairs in history.pairs(finished).items()
        ]
        self.env.cr.execute(
            SQL("DELETE FROM cchc_risk_model WHERE company_id = %s", company.id)
        )
        self.invalidate_model(flush=False)
        unlocked(self.sudo()).create(vals_list)

    @api.model
    def _prepare(self, company, key, pairs, late, places, limits, now):
        base, owner, *step = key
        scale = SCALE[base]
        stays = sorted(stay for stay, _rest in pairs)
        rests = sorted(rest for _stay, rest in pairs)
        percent = 100 if base == history.SECTOR else 1
        figures = {
            f"{kind}_{name}": round(percent * quantile(values, share), 2)
            for kind, values in (("stay", stays), ("rest", rests))
            for name, share in _FIGURES
        }
        return {
            "company_id": company.id,
            "base": base,
            "procedure_id": owner if base != history.SECTOR else False,
            "sector_id": owner if base == history.SECTOR else False,
            "role": step[0] if step else False,
            "step": step[1] if step else False,
            "step_order": places.get(key, 0.0),
            "dossier_count": len(pairs),
            "enough": len(pairs) >= limits.least,
            "late_share": late[key],
            "measured_at": now,
            "sample": [
                [round(scale * stay), round(scale * rest)] for stay, rest in pairs
            ],
            **figures,
        }

    @api.model
    def _late_shares(self, finished):
        """Return ``{key: share of late dossiers in per cent}``."""
        counts = {}
        for dossier in finished:
            keys = history.keys(dossier.procedure, dossier.sector)
            keys += [
                (history.STEP, dossier.procedure, stay.role, stay.name)
                for stay in dossier.stays
            ]
            for key in keys:
                late, number = counts.get(key, (0, 0))
                counts[key] = (late + bool(dossier.late), number + 1)
        return {
            key: round(100 * late / number, 1) for key, (late, number) in counts.items()
        }

    @api.model
    def _step_places(self, finished):
        """Return ``{key of a step: mean hours after which it was entered}``."""
        begins = {}
        for dossier in finished:
            for stay in dossier.stays:
                key = (history.STEP, dossier.procedure, stay.role, stay.name)
                begins.setdefault(key, []).append(stay.begin)
        return {key: mean(values) for key, values in begins.items()}

    # -- reading
    @api.model
    def _samples(self, company_ids, procedure_ids=None):
        """Return ``{agency id: {key: Sample}}``, in hours or shares of the limit.

        :param procedure_ids: only what concerns these procedures
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, base, coalesce(procedure_id, sector_id), role, step,
                       sample
                  FROM cchc_risk_model
                 WHERE company_id = ANY(%(companies)s)
                   AND (%(procedures)s::int[] IS NULL
                        OR procedure_id = ANY(%(procedures)s)
                        OR sector_id IN (SELECT sector_id FROM cchc_procedure
                                          WHERE id = ANY(%(procedures)s)))
                """,
                companies=list(company_ids),
                procedures=procedure_ids and list(procedure_ids),
            )
        )
        groups = {company_id: {} for company_id in company_ids}
        for company_id, base, owner, role, step, sample in rows:
            scale = SCALE[base]
            key = (base, owner, role, step) if role else (base, owner)
            groups[company_id][key] = Sample(
                [(stay / scale, rest / scale) for stay, rest in sample]
            )
        return groups
