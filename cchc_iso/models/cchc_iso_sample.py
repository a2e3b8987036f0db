import secrets
from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import population, sampling

#: Most dossiers of one sample: each is a page of questions for a person.
MOST = 1000
#: What an auditor chooses; fixed with the draw.
PLAN_FIELDS = frozenset(
    {
        "name",
        "period_field",
        "period_from",
        "period_to",
        "states",
        "timeliness",
        "department_ids",
        "procedure_ids",
        "sector_ids",
        "method",
        "stratify_by",
        "size_rule",
        "size",
        "note",
    }
)
_CHATTER = ("message_", "activity_")


class CchcIsoSample(models.Model):
    """Sample of dossiers of an audit (chọn mẫu hồ sơ, ISO 19011:2018 A.6).

    Population, method, size, seed and the fingerprint of the population are kept, so
    that anybody can draw again and get the same dossiers; see ``tools/sampling.py``
    for the algorithm. A drawn sample is not drawn anew: it is set aside with a reason
    and stays to be seen.
    """

    _name = "cchc.iso.sample"
    _description = "Sample of Dossiers"
    _inherit = ["mail.thread"]
    _order = "audit_id desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Sample"))
    audit_id = fields.Many2one(
        "mgmtsystem.audit", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="audit_id.company_id", store=True, precompute=True, string="Agency"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Drawn"), ("cancelled", "Set Aside")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    # --- Population
    period_field = fields.Selection(
        [
            ("ended_at", "Ended"),
            ("accepted_at", "Received"),
            ("due_at", "Due"),
        ],
        "Period of",
        required=True,
        default="ended_at",
    )
    period_from = fields.Date(
        "From",
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    period_to = fields.Date(
        "To",
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Last day of the period",
    )
    states = fields.Selection(
        [
            ("ended", "All Ended"),
            ("settled", "With a Result"),
            ("returned", "Result Returned"),
            ("broken_off", "Withdrawn or Stopped"),
            ("open", "In Process"),
            ("all", "All Accepted"),
        ],
        "Dossiers",
        required=True,
        default="ended",
    )
    timeliness = fields.Selection(
        [("early", "Early"), ("on_time", "On Time"), ("late", "Late")],
        help="Empty: all",
    )
    department_ids = fields.Many2many(
        "hr.department",
        "cchc_iso_sample_department_rel",
        "sample_id",
        "department_id",
        "Departments",
        check_company=True,
        help="Departments that settle the dossiers: those of the first step of work of "
        "their processes. Empty: all",
    )
    sector_ids = fields.Many2many(
        "cchc.sector", "cchc_iso_sample_sector_rel", "sample_id", "sector_id", "Fields"
    )
    procedure_ids = fields.Many2many(
        "cchc.procedure",
        "cchc_iso_sample_procedure_rel",
        "sample_id",
        "procedure_id",
        "Procedures",
    )
    population_count = fields.Integer(
        "Population",
        compute="_compute_population_count",
        help="How many dossiers the sample is drawn from: now, and once drawn, then",
    )
    # --- Method
    method = fields.Selection(
        [
            (sampling.RANDOM, "Random"),
            (sampling.STRATIFIED, "Stratified"),
            (sampling.ALL_LATE, "All Late Ones"),
            (sampling.JUDGEMENT, "Judgement of the Auditor"),
        ],
        required=True,
        default=sampling.RANDOM,
    )
    stratify_by = fields.Selection(
        [
            ("procedure", "Procedure"),
            ("department", "Department"),
            ("timeliness", "Timeliness"),
        ],
        default="procedure",
    )
    size_rule = fields.Selection(
        [("number", "By Number"), ("table", "By the Table")],
        "Size",
        required=True,
        default="number",
    )
    size = fields.Integer("Dossiers to Draw", default=10)
    planned_size = fields.Integer(
        compute="_compute_population_count", string="To Be Drawn"
    )
    note = fields.Text(help="Why this population and this method")
    # --- Draw
    algorithm = fields.Char(readonly=True, copy=False)
    seed = fields.Char(
        readonly=True,
        copy=False,
        help="Given by chance at the draw; with it anybody draws the same dossiers",
    )
    drawn_at = fields.Datetime(readonly=True, copy=False)
    drawn_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    drawn_count = fields.Integer("Population Drawn from", readonly=True, copy=False)
    fingerprint = fields.Char(
        "Fingerprint of the Population",
        readonly=True,
        copy=False,
        help="SHA-256 of the codes of all dossiers of the population, in order",
    )
    verified_at = fields.Datetime("Drawn Again on", readonly=True, copy=False)
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    verified = fields.Selection(
        [
            ("same", "The same dossiers"),
            ("changed", "The population has changed"),
            ("differs", "Other dossiers"),
        ],
        "Drawn Again",
        readonly=True,
        copy=False,
    )
    cancel_reason = fields.Char("Set Aside Because", readonly=True, copy=False)
    # --- Answers
    line_ids = fields.One2many(
        "cchc.iso.sample.line", "sample_id", "Sampled Dossiers", copy=False
    )
    line_count = fields.Integer("Drawn", compute="_compute_progress")
    answered_count = fields.Integer("Answered", compute="_compute_progress")
    late_count = fields.Integer("Late", compute="_compute_progress")
    nonconform_count = fields.Integer("Not Conforming", compute="_compute_progress")
    check_count = fields.Integer("Questions", compute="_compute_progress")
    open_check_count = fields.Integer("Questions Open", compute="_compute_progress")
    progress = fields.Float("Share Answered", compute="_compute_progress")
    may_audit = fields.Boolean(compute="_compute_may_audit")

    _period_valid = models.Constraint(
        "CHECK (period_to >= period_from)", "The period ends before it begins."
    )
    _size_positive = models.Constraint(
        "CHECK (size > 0)", "A sample has at least one dossier."
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends(
        *("period_field", "period_from", "period_to", "states", "timeliness"),
        *("department_ids", "procedure_ids", "sector_ids", "method", "size_rule"),
        *("size", "audit_id", "state", "drawn_count"),
    )
    def _compute_population_count(self):
        for sample in self:
            count = sample.drawn_count
            if sample.state == "draft":
                count = sample._count_population()
            sample.population_count = count
            sample.planned_size = sample._size_of(count) or 0

    @api.depends("line_ids.finding", "line_ids.is_late", "line_ids.check_ids.finding")
    def _compute_progress(self):
        counts = dict.fromkeys(self.ids, (0, 0))
        for sample, finding, number in self.env["cchc.iso.sample.check"]._read_group(
            [("sample_id", "in", self.ids)], ["sample_id", "finding"], ["__count"]
        ):
            whole, left = counts[sample.id]
            left += number if finding == "not_checked" else 0
            counts[sample.id] = (whole + number, left)
        for sample in self:
            lines = sample.line_ids
            whole, left = counts.get(sample._origin.id, (0, 0))
            sample.line_count = len(lines)
            sample.answered_count = len(
                lines.filtered(lambda line: line.finding != "not_checked")
            )
            sample.late_count = len(lines.filtered("is_late"))
            sample.nonconform_count = len(
                lines.filtered(lambda line: line.finding in ("nc_major", "nc_minor"))
            )
            sample.check_count = whole
            sample.open_check_count = left
            sample.progress = 100 * (whole - left) / whole if whole else 0.0

    @api.depends_context("uid")
    @api.depends("audit_id.auditor_user_ids", "audit_id.plan_state", "audit_id.locked")
    def _compute_may_audit(self):
        for sample in self:
            sample.may_audit = sample.audit_id.sudo()._cchc_may_sample(self.env.user)

    @api.depends("audit_id")
    def _compute_period(self):
        """A sample begins with the period of its audit, else with the last year."""
        today = fields.Date.context_today(self)
        for sample in self:
            audit = sample.audit_id.sudo()
            year = fields.Date.subtract(today, years=1)
            sample.period_from = sample.period_from or audit.period_from or year
            sample.period_to = sample.period_to or audit.period_to or today

    # ------------------------------------------------------------------
    # Population
    # ------------------------------------------------------------------
    def _moments(self):
        """Return the naive UTC moments that bound the period: local days."""
        zone = self.company_id._cchc_tz()
        return tuple(
            datetime.combine(day, time.min, zone)
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
            for day in (self.period_from, self.period_to + timedelta(days=1))
        )

    def _population(self):
        """Return the population (:class:`~..tools.population.Population`)."""
        self.ensure_one()
        sample = self.sudo()
        start, end = sample._moments()
        return population.Population(
            sample.company_id.id,
            sample.period_field,
            start,
            end,
            states=sample.states,
            timeliness=(
                "late" if sample.method == sampling.ALL_LATE else sample.timeliness
            ),
            procedures=sample._procedure_ids(),
            processes=sample._process_ids(),
            departments=sample.department_ids.ids or None,
        )

    def _procedure_ids(self):
        """Return the ids of the procedures chosen, by themselves or by field."""
        ids = self.procedure_ids.ids
        if self.sector_ids:
            of_fields = (
                self.env["cchc.procedure"]
                .with_context(active_test=False)
                .search([("sector_id", "in", self.sector_ids.ids)])
                .ids
            )
            ids = [one for one in ids if one in set(of_fields)] if ids else of_fields
        return ids if self.procedure_ids or self.sector_ids else None

    def _process_ids(self):
        """Return the ids of the processes audited; ``None``: the audit names none."""
        return self.audit_id.process_ids.ids or None

    def _count_population(self):
        if not (self.company_id and self.period_from and self.period_to):
            return 0
        self.env["cchc.dossier"].flush_model()
        return self._population().count(self.env.cr)

    def _size_of(self, count):
        """Return how many are drawn from a population; ``None``: no row of the table
        holds it."""
        if self.method == sampling.ALL_LATE:
            return count
        if self.method == sampling.JUDGEMENT:
            return 0
        if self.size_rule == "number":
            return min(self.size, count)
        return self.env["cchc.iso.sample.size"]._size_for(self.company_id, count)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.constrains("period_from", "period_to", "audit_id")
    def _check_period(self):
        for sample in self:
            audit = sample.audit_id.sudo()
            if (audit.period_from and sample.period_from < audit.period_from) or (
                audit.period_to and sample.period_to > audit.period_to
            ):
                raise ValidationError(
                    self.env._(
                        "%(audit)s looks at the work from %(start)s to %(end)s; the "
                        "period of a sample lies within.",
                        audit=audit.display_name,
                        start=fields.Date.to_string(audit.period_from) or "…",
                        end=fields.Date.to_string(audit.period_to) or "…",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            # Draw, answers and reasons come by their own actions.
            vals_list = [
                {
                    name: value
                    for name, value in vals.items()
                    if name in PLAN_FIELDS
                    or name == "audit_id"
                    or name.startswith(_CHATTER)
                }
                for vals in vals_list
            ]
        samples = super().create(
            [{**vals, "state": "draft", "seed": False} for vals in vals_list]
        )
        samples._check_may_sample()
        return samples

    def write(self, vals):
        names = {name for name in vals if not name.startswith(_CHATTER)}
        if names and not is_unlocked(self.env):
            if names - PLAN_FIELDS:
                raise AccessError(
                    self.env._(
                        "Of a sample only its population, method and size are "
                        "written; draw, answers and reasons by their own actions."
                    )
                )
            self._check_may_sample()
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        for sample in self:
            if sample.state != "draft":
                raise UserError(
                    self.env._(
                        "“%s” is drawn already: set it aside with a reason and make "
                        "another one.",
                        sample.name,
                    )
                )

    def _check_may_sample(self):
        """Raise unless the audit runs and the user is of its team or its secretary."""
        if is_unlocked(self.env):
            return
        for sample in self:
            audit = sample.audit_id.sudo()
            if not audit._cchc_may_sample(self.env.user):
                raise AccessError(
                    self.env._(
                        "Samples of %s are drawn by its auditors and the ISO "
                        "secretary, while the audit runs.",
                        audit.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        self._check_may_sample()
        self._check_draft()

    # ------------------------------------------------------------------
    # Draw
    # ------------------------------------------------------------------
    def action_draw(self):
        """Draw the sample: seed, dossiers, their checks with proposed answers."""
        for sample in self:
            sample._check_may_sample()
            sample._check_draft()
            if sample.method == sampling.JUDGEMENT:
                return sample.action_pick()
            sample._draw(secrets.token_hex(8))
        return True

    def _draw(self, seed):
        self.ensure_one()
        self.env.flush_all()
        count = self._count_population()
        size = self._size_of(count)
        self._check_size(count, size)
        drawn, count, fingerprint = self._run(seed, size)
        self._keep(
            [
                {"dossier_id": dossier_id, "stratum": self._stratum_name(key)}
                for dossier_id, key in drawn
            ],
            seed=seed,
            drawn_count=count,
            fingerprint=fingerprint,
        )

    def _check_size(self, count, size):
        if not count:
            raise UserError(
                self.env._(
                    "No dossier fits the population of “%s”: widen the period or the "
                    "filters.",
                    self.name,
                )
            )
        if size is None:
            raise UserError(
                self.env._(
                    "The table of sample sizes has no row for %s dossiers: add one, or "
                    "give the number.",
                    count,
                )
            )
        if size > MOST:
            raise UserError(
                self.env._(
                    "%(size)s dossiers are more than the %(most)s that one sample may "
                    "have: narrow the period.",
                    size=size,
                    most=MOST,
                )
            )

    def _run(self, seed, size):
        return population.run(
            self._population(),
            self.env.cr,
            self.method,
            seed,
            size,
            self.stratify_by if self.method == sampling.STRATIFIED else None,
        )

    def _stratum_name(self, key):
        """Return what the stratum of a key is called."""
        if key is None:
            return False
        models_by = {"procedure": "cchc.procedure", "department": "hr.department"}
        if model := models_by.get(self.stratify_by):
            return self.env[model].sudo().browse(key).exists().display_name or "–"
        labels = dict(self._fields["timeliness"]._description_selection(self.env))
        names = dict(enumerate(("early", "on_time", "late"), 1))
        return labels.get(names.get(key), "–")

    def _keep(self, rows, **values):
        """Write down what was drawn, with the checks of each dossier."""
        first = max(self.line_ids.mapped("draw_no"), default=0) + 1
        lines = unlocked(self.env["cchc.iso.sample.line"].sudo()).create(
            [
                {**row, "sample_id": self.id, "draw_no": number}
                for number, row in enumerate(rows, first)
            ]
        )
        if self.state == "draft":
            values |= {
                "state": "drawn",
                "algorithm": sampling.ALGORITHM,
                "drawn_at": fields.Datetime.now(),
                "drawn_by_id": self.env.uid,
            }
        unlocked(self.sudo()).write(values)
        lines._make_checks()
        return lines

    def action_pick(self):
        """Choose dossiers by judgement, each with its reason."""
        self.ensure_one()
        self._check_may_sample()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose Dossiers"),
            "res_model": "cchc.iso.sample.pick",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sample_id": self.id},
        }

    def _pick(self, reasons):
        """Add dossiers chosen by judgement.

        :param dict reasons: ``{dossier id: why it was chosen}``
        :raises UserError: for one without a reason or outside the population
        """
        self.ensure_one()
        self._check_may_sample()
        if self.method != sampling.JUDGEMENT or self.state == "cancelled":
            raise UserError(
                self.env._("Dossiers are chosen one by one in a sample by judgement.")
            )
        if not reasons or not all(
            (reason or "").strip() for reason in reasons.values()
        ):
            raise UserError(self.env._("Write for each dossier why it was chosen."))
        self.env.flush_all()
        known = set(self.line_ids.dossier_id.ids)
        fitting = self._population().holds(self.env.cr, reasons)
        if set(reasons) - fitting:
            raise UserError(
                self.env._("Only dossiers of the population of the sample are chosen.")
            )
        if len(known | fitting) > MOST:
            self._check_size(len(fitting), len(known | fitting))
        rows = [
            {"dossier_id": dossier_id, "reason": reason.strip()}
            for dossier_id, reason in reasons.items()
            if dossier_id not in known
        ]
        values = {}
        if self.state == "draft":
            _drawn, count, fingerprint = self._run("", 0)
            values = {"drawn_count": count, "fingerprint": fingerprint}
        return self._keep(rows, **values)

    def action_verify(self):
        """Draw again from the stored seed and say whether the dossiers are the same."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "draft":
            raise UserError(self.env._("“%s” is not drawn yet.", self.name))
        outcome, sentence = self._verify()
        unlocked(self.sudo()).write(
            {
                "verified": outcome,
                "verified_at": fields.Datetime.now(),
                "verified_by_id": self.env.uid,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Drawn Again"),
                "message": sentence,
                "type": {"same": "success", "changed": "warning"}.get(
                    outcome, "danger"
                ),
                "sticky": outcome != "same",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _verify(self):
        """Return ``(outcome, sentence)`` of drawing again."""
        self.env.flush_all()
        # By judgement nothing is drawn again; only the population is compared.
        judged = self.method == sampling.JUDGEMENT
        lines = self.sudo().line_ids.sorted("draw_no")
        drawn, count, fingerprint = self._run(self.seed or "", len(lines))
        if fingerprint != self.fingerprint:
            return "changed", self.env._(
                "The population has changed since the draw: %(then)s dossiers then, "
                "%(now)s now. The draw cannot be repeated from it.",
                then=self.drawn_count,
                now=count,
            )
        if not judged and [one for one, _key in drawn] != lines.dossier_id.ids:
            return "differs", self.env._(
                "Seed %s draws other dossiers from the same population: the sample "
                "was changed in the database.",
                self.seed,
            )
        return "same", self.env._(
            "The same %(size)s dossiers, from the same population of %(count)s.",
            size=len(lines),
            count=count,
        )

    def action_cancel(self):
        """Ask why the sample is set aside."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Sample Aside"),
            "res_model": "cchc.iso.sample.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sample_id": self.id},
        }

    def _cancel(self, reason):
        """Set a drawn sample aside; it stays to be seen, its dossiers close again."""
        self._check_may_sample()
        for sample in self:
            if sample.state != "drawn":
                raise UserError(self.env._("Only a drawn sample is set aside."))
            if sample.sudo().line_ids.nonconformity_ids:
                raise UserError(
                    self.env._(
                        "“%s” has nonconformities: it is evidence and stays.",
                        sample.name,
                    )
                )
        unlocked(self.sudo()).write({"state": "cancelled", "cancel_reason": reason})

    # ------------------------------------------------------------------
    # Print
    # ------------------------------------------------------------------
    def action_print(self):
        """Print the list of the sample (Danh sách hồ sơ được lấy mẫu) as PDF."""
        return self._print("pdf")

    def action_print_xlsx(self):
        """The same list as a spreadsheet."""
        return self._print("xlsx")

    def _print(self, file_type):
        self.ensure_one()
        if self.state == "draft":
            raise UserError(self.env._("“%s” is not drawn yet.", self.name))
        self.env["cchc.iso.look"]._log(
            self._name, self.sudo().line_ids.dossier_id.ids, "report"
        )
        return self.env["cchc.iso.audit.paper"]._print("sample", self, file_type)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    def _unanswered(self):
        """Return sentences on what of these samples keeps an audit open."""
        problems = []
        for sample in self.filtered(lambda sample: sample.state != "cancelled"):
            if sample.state == "draft":
                problems.append(
                    self.env._("“%s” is not drawn: draw it or delete it.", sample.name)
                )
            problems += sample.sudo().line_ids._unanswered()
        return problems

    def _next_line(self, after=None):
        """Return the next dossier with an open question, around the end."""
        lines = self.line_ids.filtered(lambda line: line.finding == "not_checked")
        lines = lines.sorted("draw_no")
        later = lines.filtered(lambda line: after and line.draw_no > after.draw_no)
        return (later or lines - (after or lines.browse()))[:1]

    def action_next(self):
        """Open the next dossier with an open question."""
        self.ensure_one()
        line = self._next_line()
        if not line:
            raise UserError(
                self.env._("Every question of “%s” is answered.", self.name)
            )
        return line._form_action()

    def action_open_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sampled Dossiers"),
            "res_model": "cchc.iso.sample.line",
            "view_mode": "list,kanban,form",
            "domain": [("sample_id", "=", self.id)],
        }

    def action_read_records_again(self):
        """Propose answers anew for open questions, from the records of today."""
        self._check_may_sample()
        self.sudo().line_ids._propose_again()
        return True
