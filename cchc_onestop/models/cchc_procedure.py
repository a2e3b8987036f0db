from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.sql import escape_psql

from ..tools.search_text import normalise, words

ONLINE_LEVELS = [
    ("full", "Fully Online"),
    ("partial", "Partly Online"),
    ("information", "Information Only"),
]
LEVELS = [
    ("ministry", "Ministry"),
    ("province", "Province"),
    ("commune", "Commune"),
    ("other", "Other Agency"),
]


class CchcProcedure(models.Model):
    """Administrative procedure (thủ tục hành chính): what keeps its identity.

    The content published by decision lives in ``cchc.procedure.version``; the
    procedure holds the national code, the field and until when it is received.
    """

    _name = "cchc.procedure"
    _description = "Administrative Procedure"
    _inherit = ["mail.thread"]
    _order = "sector_sequence, sector_id, code_key, id"

    code = fields.Char(
        required=True,
        tracking=True,
        help="National code (mã thủ tục), e.g. 1.001193; a copy of a province may "
        "carry its agency code behind it",
    )
    code_key = fields.Char(
        compute="_compute_code_key",
        store=True,
        help="The first two groups of the code: what identifies the procedure in all "
        "sources",
    )
    name = fields.Char(required=True, tracking=True)
    sector_id = fields.Many2one(
        "cchc.sector",
        "Field",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    sector_sequence = fields.Integer(related="sector_id.sequence", store=True)
    level = fields.Selection(LEVELS, "Level of Settlement", default="commune")
    keywords = fields.Char(help="Other words by which people look for the procedure")
    search_text = fields.Char(
        compute="_compute_search_text", store=True, recursive=True
    )
    active = fields.Boolean(default=True)
    version_ids = fields.One2many("cchc.procedure.version", "procedure_id", "Versions")
    version_count = fields.Integer(compute="_compute_counts")
    process_count = fields.Integer("Processes", compute="_compute_counts")
    current_version_id = fields.Many2one(
        "cchc.procedure.version",
        "Version in Force",
        compute="_compute_current_version_id",
        help="The published version in force today for the agency in use",
    )
    time_summary = fields.Char("Statutory Time", compute="_compute_current_summaries")
    fee_summary = fields.Char("Fees", compute="_compute_current_summaries")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_come", "To Come"),
            ("in_force", "In Force"),
            ("repealed", "Repealed"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    repealed_from = fields.Date(
        tracking=True,
        help="From this day no new dossier is received; running dossiers are finished "
        "under their own rules",
    )
    repeal_decision_id = fields.Many2one(
        "cchc.publication.decision", "Repealed by", ondelete="restrict", tracking=True
    )
    replaced_by_id = fields.Many2one(
        "cchc.procedure",
        string="Replaced by",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="Who looks for this procedure is led to the one that replaces it",
    )
    replaces_ids = fields.One2many(
        "cchc.procedure", "replaced_by_id", context={"active_test": False}
    )
    publication_line_ids = fields.One2many(
        "cchc.publication.line", "procedure_id", "Decisions in Which It Stands"
    )
    decision_count = fields.Integer("Decisions", compute="_compute_decision_count")
    proactive_level = fields.Selection(
        [
            ("1", "1 - Remind"),
            ("2", "2 - Remind and prepare the dossier"),
            ("3", "3 - Recommend an option"),
            ("4", "4 - Carry out automatically"),
        ],
        "Proactive Service",
        help="Level of proactive service (NĐ 224/2026)",
    )
    non_territorial = fields.Boolean(
        help="May be received at any desk regardless of the administrative area "
        "(phi địa giới; NĐ 118/2025 as amended by NĐ 309/2026)",
        tracking=True,
    )
    reception_scope = fields.Selection(
        [
            ("own", "Own Area"),
            ("province", "Whole Province"),
            ("national", "Whole Country"),
        ],
        default="own",
        help="From where this desk receives dossiers of the procedure",
    )
    interlinked = fields.Boolean(
        help="The code stands for a group of interlinked procedures (liên thông)"
    )
    online_level = fields.Selection(
        ONLINE_LEVELS,
        readonly=True,
        help="As of the version in force; refreshed when a version is published or "
        "comes into force",
    )
    to_confirm = fields.Boolean(
        "To Be Confirmed",
        readonly=True,
        help="Times, fees or parts of the version in force come from general knowledge "
        "and wait for somebody to check them against the published decision",
    )

    _code_key_uniq = models.UniqueIndex(
        "(code_key)",
        "The catalogue already has a procedure with this code: codes are compared by "
        "their first two groups.",
    )
    _search_text_idx = models.Index(
        lambda registry: (
            "USING gin (search_text gin_trgm_ops)" if registry.has_trigram else ""
        )
    )

    # --- Identity and search

    @api.model
    def _get_code_key(self, code):
        """Return the part of ``code`` that identifies a procedure everywhere.

        ``2.000815.000.00.00.H55`` and ``2.000815.01`` are both ``2.000815``.
        """
        return ".".join("".join((code or "").split()).upper().split(".")[:2])

    @api.depends("code")
    def _compute_code_key(self):
        for procedure in self:
            procedure.code_key = self._get_code_key(procedure.code)

    @api.constrains("replaced_by_id")
    def _check_replaced_by(self):
        if self._has_cycle("replaced_by_id"):
            raise ValidationError(
                self.env._(
                    "The procedure %s would replace itself in the end; choose another "
                    "one.",
                    self[:1].display_name,
                )
            )

    @api.constrains("code")
    def _check_code(self):
        for procedure in self:
            if not procedure.code_key:
                raise ValidationError(
                    self.env._("The procedure %s needs a code.", procedure.name)
                )

    @api.depends("code", "name", "keywords", "replaces_ids.search_text")
    def _compute_search_text(self):
        """Code, name and keywords, and those of the procedures that this replaces."""
        for procedure in self:
            own = normalise(
                " ".join(
                    filter(None, [procedure.code, procedure.name, procedure.keywords])
                )
            )
            earlier = procedure.replaces_ids.mapped("search_text")
            procedure.search_text = " ".join(filter(None, [own, *earlier]))

    @api.depends("code", "name")
    def _compute_display_name(self):
        for procedure in self:
            procedure.display_name = f"{procedure.code or ''} {procedure.name or ''}"

    @api.model
    def _search_display_name(self, operator, value):
        """Find by code, name or keyword: all words, any order, case and accents."""
        if operator in ("ilike", "like") and isinstance(value, str):
            # `like` on the normalised column: no unaccent() that an index on a
            # database with a mutable unaccent could not serve
            return Domain.AND(
                Domain("search_text", "like", escape_psql(word))
                for word in words(value)
            )
        if operator == "in":
            keys = [self._get_code_key(text) for text in value if text]
            return (
                Domain("name", "in", list(value))
                | Domain("code_key", "in", keys)
                | Domain("replaces_ids.code_key", "in", keys)
            )
        if operator in ("not ilike", "not like") and isinstance(value, str):
            return ~self._search_display_name("ilike", value)
        return super()._search_display_name(operator, value)

    def _compute_counts(self):
        versions = dict(
            self.env["cchc.procedure.version"]._read_group(
                [("procedure_id", "in", self.ids)], ["procedure_id"], ["__count"]
            )
        )
        processes = dict(
            self.env["cchc.process"]._read_group(
                [("procedure_id", "in", self.ids), ("state", "!=", "superseded")],
                ["procedure_id"],
                ["__count"],
            )
        )
        for procedure in self:
            procedure.version_count = versions.get(procedure, 0)
            procedure.process_count = processes.get(procedure, 0)

    def _compute_decision_count(self):
        counts = dict(
            self.env["cchc.publication.line"]._read_group(
                [("procedure_id", "in", self.ids)],
                ["procedure_id"],
                ["decision_id:count_distinct"],
            )
        )
        for procedure in self:
            procedure.decision_count = counts.get(procedure, 0)

    # --- Versions and validity

    def _get_catalogue_date(self):
        """Return the day for which the catalogue is shown (context or today)."""
        day = self.env.context.get("cchc_date")
        return fields.Date.to_date(day) if day else fields.Date.context_today(self)

    def _versions_at(self, date, company=None):
        """Return ``{procedure: version}`` in force on ``date``, in one query.

        A version of the agency ``company`` goes before those of its parents, these
        before the general one. Procedures without a version are left out.
        """
        if company is None:
            company = self.env.company
        # from the general list to the agency's own: the later one wins
        ranking = [False, *map(int, (company.sudo().parent_path or "").split("/")[:-1])]
        versions = self.env["cchc.procedure.version"].search(
            [
                ("procedure_id", "in", self.ids),
                ("state", "=", "published"),
                ("valid_from", "<=", date),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", date),
                ("company_id", "in", ranking),
            ],
            order="id",
        )
        ordered = versions.sorted(
            lambda version: (
                ranking.index(version.company_id.id or False),
                version.valid_from,
                version.id,
            )
        )
        return {version.procedure_id: version for version in ordered}

    def _version_at(self, date=None, company=None):
        """Return the version in force on ``date`` (today) for ``company``, or empty."""
        self.ensure_one()
        date = fields.Date.to_date(date) if date else self._get_catalogue_date()
        return self._versions_at(date, company).get(
            self, self.env["cchc.procedure.version"]
        )

    @api.depends("version_ids.state", "version_ids.valid_from", "repealed_from")
    @api.depends_context("cchc_date", "company")
    def _compute_current_version_id(self):
        saved = self._origin
        found = saved._versions_at(self._get_catalogue_date()) if saved else {}
        for procedure in self:
            procedure.current_version_id = found.get(procedure._origin, False)

    @api.depends("current_version_id")
    @api.depends_context("cchc_date", "company")
    def _compute_current_summaries(self):
        for procedure in self:
            procedure.time_summary = procedure.current_version_id.time_summary
            procedure.fee_summary = procedure.current_version_id.fee_summary

    @api.depends("version_ids.state", "version_ids.valid_from", "repealed_from")
    @api.depends_context("cchc_date")
    def _compute_state(self):
        today = self._get_catalogue_date()
        for procedure in self:
            published = procedure.version_ids.filtered(
                lambda version: version.state == "published"
            )
            if procedure.repealed_from and procedure.repealed_from <= today:
                procedure.state = "repealed"
            elif any(version._is_valid_on(today) for version in published):
                procedure.state = "in_force"
            elif any(version.valid_from > today for version in published):
                procedure.state = "to_come"
            else:
                procedure.state = "draft"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._get_catalogue_date()
        repealed = Domain("repealed_from", "<=", today)
        published = Domain("state", "=", "published")
        valid = (
            published
            & Domain("valid_from", "<=", today)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", today))
        )
        in_force = Domain("version_ids", "any", valid) & ~repealed
        to_come = (
            Domain("version_ids", "any", published & Domain("valid_from", ">", today))
            & ~repealed
            & ~in_force
        )
        domains = {
            "repealed": repealed,
            "in_force": in_force,
            "to_come": to_come,
            "draft": ~repealed & ~in_force & ~to_come,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _check_receivable(self, date=None, company=None):
        """Return the version under which a dossier is received on ``date``.

        :raise UserError: one sentence that says why no dossier can be received
        """
        self.ensure_one()
        date = fields.Date.to_date(date) if date else self._get_catalogue_date()
        if self.repealed_from and self.repealed_from <= date:
            if self.replaced_by_id:
                raise UserError(
                    self.env._(
                        "The procedure %(name)s is replaced from %(date)s and receives "
                        "no new dossier; choose %(successor)s.",
                        name=self.display_name,
                        date=format_date(self.env, self.repealed_from),
                        successor=self.replaced_by_id.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "The procedure %(name)s is repealed from %(date)s and receives no "
                    "new dossier.",
                    name=self.display_name,
                    date=format_date(self.env, self.repealed_from),
                )
            )
        version = self._version_at(date, company)
        if not version:
            raise UserError(
                self.env._(
                    "The procedure %(name)s has no published version in force on "
                    "%(date)s; publish one in the catalogue first.",
                    name=self.display_name,
                    date=format_date(self.env, date),
                )
            )
        return version

    def _refresh_current(self):
        """Bring name, online level and marks up to the version in force today."""
        today = fields.Date.context_today(self)
        found = self.sudo()._versions_at(today, self.env["res.company"])
        for procedure, version in found.items():
            vals = {
                "online_level": version.online_level,
                "to_confirm": version.to_confirm,
            }
            if not version.company_id:
                vals["name"] = version.name
            changed = {
                name: value for name, value in vals.items() if procedure[name] != value
            }
            if changed:
                procedure.write(changed)

    @api.model
    def _cron_refresh_current(self):
        """Refresh the procedures of which a version came into force lately."""
        today = fields.Date.context_today(self)
        versions = self.env["cchc.procedure.version"].search(
            [
                ("state", "=", "published"),
                ("valid_from", "<=", today),
                ("valid_from", ">=", fields.Date.subtract(today, days=31)),
            ]
        )
        versions.procedure_id._refresh_current()
        self.env["cchc.dossier"]._renew_drafts(versions.procedure_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        published = self.version_ids.filtered(lambda version: version.state != "draft")
        if published:
            raise UserError(
                self.env._(
                    "%s has a published version and cannot be deleted; repeal it from "
                    "a date instead.",
                    published[0].procedure_id.display_name,
                )
            )

    # --- Actions

    def action_open_versions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_procedure_version_action"
        )
        action["domain"] = [("procedure_id", "=", self.id)]
        action["context"] = {"default_procedure_id": self.id}
        return action

    def action_open_processes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_process_action"
        )
        action["domain"] = [("procedure_id", "=", self.id)]
        action["context"] = {
            "default_version_id": self.current_version_id.id,
            "search_default_current": 1,
        }
        return action

    def action_open_decisions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_publication_decision_action"
        )
        action["domain"] = [("line_ids.procedure_id", "=", self.id)]
        return action

    def action_amend(self):
        """Ask for the date and decision of a new version of the procedure."""
        self.ensure_one()
        version = self.current_version_id or self.version_ids[:1]
        if version:
            return version.action_amend()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.procedure.version",
            "view_mode": "form",
            "context": {"default_procedure_id": self.id, "default_name": self.name},
        }

    def action_repeal(self):
        """Ask from which date the procedures are repealed."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Repeal"),
            "res_model": "cchc.procedure.repeal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_procedure_ids": self.ids},
        }

    def action_reinstate(self):
        """Take back a repeal; new dossiers are received again."""
        self.write(
            {
                "repealed_from": False,
                "repeal_decision_id": False,
                "replaced_by_id": False,
            }
        )

    def action_compare(self):
        """Open the comparison of the two latest versions."""
        self.ensure_one()
        versions = self.version_ids.sorted(lambda version: version.valid_from)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Versions"),
            "res_model": "cchc.procedure.compare",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_procedure_id": self.id,
                "default_old_version_id": versions[-2:-1].id,
                "default_new_version_id": versions[-1:].id,
            },
        }
