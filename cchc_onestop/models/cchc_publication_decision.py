from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.guard import is_unlocked, unlocked
from .cchc_publication_term import PATHS

#: What may change on a decision after its content has been applied.
_FREE = frozenset(
    {
        "entered_on",
        "file",
        "file_name",
        "message_follower_ids",
        "message_ids",
        "message_main_attachment_id",
        "message_partner_ids",
        "transition",
        "transition_basis",
    }
)
#: What only applying sets.
_SET_BY_APPLYING = frozenset({"state", "applied_at", "applied_by_id", "checksum"})
TRANSITIONS = [
    ("keep", "Finished under the old rules"),
    ("stop_on_request", "Stopped and given back on request"),
]


class CchcPublicationDecision(models.Model):
    """Decision that publishes procedures (quyết định công bố, NĐ 63/2010 Đ.13-15).

    Applying it carries out its whole list in one transaction: new versions, repeals,
    replacements, the list of what is posted anew at the desks. From then on it stays
    as it was applied.
    """

    _name = "cchc.publication.decision"
    _description = "Publication Decision"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "name"]

    number = fields.Char(
        required=True,
        index="trigram",
        tracking=True,
        help="Number and notation, e.g. 1234/QĐ-UBND",
    )
    name = fields.Char("Subject", help="What the decision is about (trích yếu)")
    date = fields.Date("Signed on", required=True, tracking=True)
    issuer = fields.Char(required=True, default="", tracking=True)
    kind = fields.Selection(
        [
            ("new", "Newly Issued"),
            ("amended", "Amended"),
            ("replaced", "Replaced"),
            ("repealed", "Repealed"),
            ("mixed", "Several Kinds"),
            ("process", "Internal Process"),
            ("time", "Shortened Time"),
        ],
        default="amended",
        required=True,
        help="Kind of publication (NĐ 63/2010 Đ.14) or approval of processes",
    )
    state = fields.Selection(
        [("recorded", "Recorded"), ("applied", "Applied")],
        default="recorded",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    effective_date = fields.Date(
        compute="_compute_effective_date",
        store=True,
        readonly=False,
        tracking=True,
        help="The signing date when the decision names no other",
    )
    company_id = fields.Many2one(
        "res.company",
        "Only for the Agency",
        index="btree_not_null",
        help="Empty: for all agencies; else for this agency and those below it",
    )
    path = fields.Selection(
        PATHS,
        "Published by",
        default="province",
        required=True,
        help="Which legal terms of publication hold (NĐ 63/2010 Đ.15, Đ.24)",
    )
    text_issued_on = fields.Date(
        "Text Issued on", help="When the legal text behind the decision was issued"
    )
    text_effective_on = fields.Date(
        "Text in Force from",
        help="When the legal text behind the decision takes effect; empty: the "
        "effective date of the decision",
    )
    legal_basis_ids = fields.Many2many(
        "cchc.legal.basis",
        "cchc_decision_legal_basis_rel",
        "decision_id",
        "basis_id",
        "Legal Bases",
        ondelete="restrict",
    )
    file = fields.Binary("Document", attachment=True)
    file_name = fields.Char()
    checksum = fields.Char(
        "Checksum of the List",
        readonly=True,
        copy=False,
        help="SHA-256 of the imported list: the same list is applied once",
    )
    applied_at = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one(
        "res.users", "Applied by", readonly=True, copy=False
    )
    entered_on = fields.Date(
        "Entered into the National Database on",
        tracking=True,
        copy=False,
        help="When the procedures were entered into the national database (CSDLQG)",
    )
    transition = fields.Selection(
        TRANSITIONS,
        "Running Dossiers of Abolished Procedures",
        default="keep",
        required=True,
        tracking=True,
        help="Dossiers accepted before the change follow the old rules. Those of an "
        "abolished procedure are stopped and given back on request when a transition "
        "rule says so (NQ 66.18/2026/NQ-CP Đ.6)",
    )
    transition_basis = fields.Char(
        help="Legal basis of the transition rule, e.g. NQ 66.18/2026/NQ-CP Đ.6"
    )
    version_ids = fields.One2many(
        "cchc.procedure.version", "decision_id", "Versions", readonly=True
    )
    version_count = fields.Integer(compute="_compute_version_count")
    line_ids = fields.One2many(
        "cchc.publication.line", "decision_id", "Procedures", readonly=True
    )
    line_count = fields.Integer("Procedures of the List", compute="_compute_line_count")
    kind_summary = fields.Char("Kinds", compute="_compute_line_count")
    posting_ids = fields.One2many("cchc.posting", "decision_id", "Posting List")
    posting_count = fields.Integer(compute="_compute_posting_count")
    posting_open_count = fields.Integer(
        "To Post or Take Down", compute="_compute_posting_count"
    )
    reduction_ids = fields.One2many("cchc.time.reduction", "decision_id")
    reduction_count = fields.Integer(compute="_compute_reduction_count")
    dossier_count = fields.Integer("Running Dossiers", compute="_compute_dossier_count")
    draft_count = fields.Integer("Drafts", compute="_compute_dossier_count")
    can_offer_stop = fields.Boolean(compute="_compute_dossier_count")
    entry_due_on = fields.Date("Entry Due on", compute="_compute_terms")
    posting_due_on = fields.Date("Posting Due on", compute="_compute_terms")
    warning = fields.Text(compute="_compute_terms")
    term_table = fields.Html(compute="_compute_terms", sanitize=False)

    _number_uniq = models.UniqueIndex(
        "(number, issuer, date)",
        "This decision (number, issuer, date) is already recorded.",
    )

    @api.depends("date")
    def _compute_effective_date(self):
        for decision in self:
            decision.effective_date = decision.effective_date or decision.date

    @api.depends("number", "date")
    def _compute_display_name(self):
        for decision in self:
            parts = [decision.number or ""]
            if decision.date:
                parts.append(f"({format_date(self.env, decision.date)})")
            decision.display_name = " ".join(parts)

    def _compute_version_count(self):
        counts = dict(
            self.env["cchc.procedure.version"]._read_group(
                [("decision_id", "in", self.ids)], ["decision_id"], ["__count"]
            )
        )
        for decision in self:
            decision.version_count = counts.get(decision, 0)

    @api.depends("line_ids.change")
    def _compute_line_count(self):
        line_model = self.env["cchc.publication.line"]
        labels = dict(line_model._fields["change"]._description_selection(self.env))
        counts = {}
        for decision, change, count in line_model._read_group(
            [("decision_id", "in", self.ids)], ["decision_id", "change"], ["__count"]
        ):
            counts.setdefault(decision.id, {})[change] = count
        for decision in self:
            own = counts.get(decision._origin.id, {})
            decision.line_count = sum(own.values())
            decision.kind_summary = "; ".join(
                f"{label}: {own[change]}"
                for change, label in labels.items()
                if own.get(change)
            )

    @api.depends("posting_ids.done_at")
    def _compute_posting_count(self):
        counts = {
            decision: (count, count - done)
            for decision, count, done in self.env["cchc.posting"]._read_group(
                [("decision_id", "in", self.ids)],
                ["decision_id"],
                ["__count", "done_at:count"],
            )
        }
        for decision in self:
            decision.posting_count, decision.posting_open_count = counts.get(
                decision._origin, (0, 0)
            )

    @api.depends("reduction_ids")
    def _compute_reduction_count(self):
        for decision in self:
            decision.reduction_count = len(decision.reduction_ids)

    @api.depends("line_ids", "transition")
    def _compute_dossier_count(self):
        self.line_ids.fetch(["open_count", "draft_count"])
        for decision in self:
            lines = decision.line_ids
            decision.dossier_count = sum(lines.mapped("open_count"))
            decision.draft_count = sum(lines.mapped("draft_count"))
            decision.can_offer_stop = decision.transition == "stop_on_request" and any(
                line.open_count and line.change in ("repealed", "replaced")
                for line in lines
            )

    # --- Legal terms

    def _get_calendar_company(self):
        return self.company_id or self.env.company

    @api.depends(
        "date",
        "effective_date",
        "path",
        "text_issued_on",
        "text_effective_on",
        "entered_on",
        "company_id",
        "posting_ids.done_at",
    )
    @api.depends_context("company")
    def _compute_terms(self):
        for decision in self:
            rows = decision._check_terms() if decision.date else []
            due = {row["kind"]: row["due"] for row in rows}
            decision.entry_due_on = due.get("entry", False)
            decision.posting_due_on = due.get("posting", False)
            decision.warning = (
                "\n".join(row["sentence"] for row in rows if row["sentence"]) or False
            )
            decision.term_table = decision._render_terms(rows)

    def _check_terms(self):
        """Return what the legal terms of publication say of this decision.

        One dict per term: kind, term, due (date), done (date or False), sentence (a
        warning, or empty). Warnings never prevent anything: what is late has to be
        done all the same.
        """
        self.ensure_one()
        terms = self.env["cchc.publication.term"]._for(self.path, self.date)
        today = fields.Date.context_today(self)
        in_force = self.text_effective_on or self.effective_date
        done = {
            "notice": self.date,
            "issue": self.date,
            "entry": self.entered_on,
            "posting": self._get_posted_on(),
        }
        company = self._get_calendar_company()
        rows = []
        for kind, term in terms.items():
            start = {
                "notice": in_force,
                "issue": self.text_issued_on,
                "entry": self.date,
                "posting": max(self.effective_date or self.date, self.date),
            }[kind]
            if not start or self.kind in ("process", "time"):
                continue
            amount = -term.amount if kind == "notice" else term.amount
            due = company._cchc_shift_day(start, amount, term.unit)
            row = {"kind": kind, "term": term, "due": due, "done": done[kind]}
            row["sentence"] = self._describe_term(row, today)
            rows.append(row)
        return rows

    def _get_posted_on(self):
        """Return the last day of posting in the agency in use, False while open."""
        postings = self.posting_ids.filtered(
            lambda posting: posting.company_id == self.env.company
        )
        if not postings or not all(postings.mapped("done_at")):
            return False
        company = self.env.company
        return company._cchc_local_date(max(postings.mapped("done_at")))

    def _describe_term(self, row, today):
        """Return the warning about one term, or an empty text."""
        due, done = row["due"], row["done"]
        if done and done <= due or not done and today <= due:
            return ""
        values = {
            "due": format_date(self.env, due),
            "done": format_date(self.env, done) if done else "",
            "law": row["term"].legal_source or "",
        }
        sentences = {
            "notice": lambda: self.env._(
                "Signed on %(done)s; for the text to take effect as planned it should "
                "have been signed by %(due)s (%(law)s).",
                **values,
            ),
            "issue": lambda: self.env._(
                "Signed on %(done)s; by shortened drafting it should have been signed "
                "by %(due)s (%(law)s).",
                **values,
            ),
            "entry": lambda: (
                self.env._(
                    "Entered into the national database on %(done)s, due by %(due)s "
                    "(%(law)s).",
                    **values,
                )
                if done
                else self.env._(
                    "Not yet entered into the national database, due by %(due)s "
                    "(%(law)s).",
                    **values,
                )
            ),
            "posting": lambda: (
                self.env._(
                    "Posted at the desk on %(done)s, due by %(due)s (%(law)s).",
                    **values,
                )
                if done
                else self.env._(
                    "Not everything is posted at the desk, due by %(due)s (%(law)s).",
                    **values,
                )
            ),
        }
        return sentences[row["kind"]]()

    def _render_terms(self, rows):
        if not rows:
            return False
        kinds = dict(
            self.env["cchc.publication.term"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Legal Term"),
            self.env._("By"),
            self.env._("Done on"),
            self.env._("Legal Source"),
        )
        body = Markup("").join(
            Markup("<tr class='%s'><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (
                "table-warning" if row["sentence"] else "",
                kinds[row["kind"]],
                format_date(self.env, row["due"]),
                format_date(self.env, row["done"]) if row["done"] else "",
                row["term"].legal_source or "",
            )
            for row in rows
        )
        return Markup("<table class='table table-sm'>%s%s</table>") % (head, body)

    # --- What is applied stays

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                self._check_not_set_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            self._check_not_set_by_hand(vals)
            if set(vals) - _FREE:
                self._check_not_applied()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self._check_not_applied()

    def _check_not_set_by_hand(self, vals):
        if vals.get("state", "recorded") != "recorded" or any(
            vals.get(name) for name in _SET_BY_APPLYING - {"state"}
        ):
            raise UserError(
                self.env._(
                    "A decision is applied by importing its list, not by its state."
                )
            )

    def _check_not_applied(self):
        if applied := self.filtered(lambda decision: decision.state == "applied")[:1]:
            raise UserError(
                self.env._(
                    "The decision %s is applied and cannot be changed any more; record "
                    "the decision that corrects it.",
                    applied.display_name,
                )
            )

    # --- Applying

    @api.model
    def _find_or_create(self, values):
        """Return the decision with the number, issuer and date of ``values``."""
        return self._find(values) or self.create(
            {**values, "issuer": values.get("issuer") or ""}
        )

    @api.model
    def _find(self, values):
        """Return the decision with the number, issuer and date, or empty."""
        return self.search(
            [
                ("number", "=", values["number"]),
                ("issuer", "in", [values.get("issuer") or "", False]),
                ("date", "=", values["date"]),
            ],
            limit=1,
        )

    def _apply_plan(self, plan, checksum, step=None):
        """Carry out ``plan`` (of ``cchc.catalogue.loader``) as this decision.

        In the transaction of the caller: all of it or nothing.

        :return: the new versions
        :raise UserError: when a row is faulty or the decision has been applied
        """
        self.ensure_one()
        self.check_access("write")
        self._check_not_applied()
        faulty = [entry for entry in plan if entry["status"] == "faulty"]
        if faulty:
            raise UserError(
                self.env._(
                    "%(count)s rows of the list cannot be used, so nothing is applied; "
                    "mend them (the first is row %(row)s) and try again.",
                    count=len(faulty),
                    row=faulty[0]["item"].number,
                )
            )
        line_vals = self._prepare_lines(plan)
        versions = self.env["cchc.catalogue.loader"]._apply(
            plan, self.effective_date, self.company_id, self, step=step
        )
        made = {version.procedure_id.id: version for version in versions}
        for vals, entry in line_vals:
            procedure = entry["procedure"]
            vals["procedure_id"] = procedure.id
            vals["replaced_by_id"] = procedure.replaced_by_id.id
            vals["version_id"] = False
            if version := made.get(procedure.id):
                vals.update(version_id=version.id, valid_from=version.valid_from)
        lines = unlocked(self.env["cchc.publication.line"]).create(
            [vals for vals, _entry in line_vals]
        )
        unlocked(self).write(
            {
                "state": "applied",
                "applied_at": fields.Datetime.now(),
                "applied_by_id": self.env.uid,
                "checksum": checksum,
                "kind": self._get_kind(lines),
            }
        )
        lines.with_env(self.env)._make_postings()
        self.env["cchc.dossier"]._renew_drafts(lines.procedure_id)
        return versions

    def _get_desks(self):
        """Return the agencies that the decision holds for."""
        self.ensure_one()
        domain = [("id", "child_of", self.company_id.id)] if self.company_id else []
        return (
            self.env["res.company"]
            .sudo()
            .search([*domain, ("cchc_level", "!=", False)])
        )

    def _prepare_lines(self, plan):
        """Return ``[(values, entry)]`` for what the plan changes, before it does."""
        changes = {
            "new": "new",
            "changed": "amended",
            "repealed": "repealed",
            "replaced": "replaced",
        }
        touched = [entry for entry in plan if entry["status"] in changes]
        procedures = self.env["cchc.procedure"].browse(
            [entry["procedure"].id for entry in touched if entry["procedure"]]
        )
        before = procedures._versions_at(
            fields.Date.subtract(self.effective_date, days=1), self.company_id
        )
        importer = self.env["cchc.procedure.import"]
        return [
            (
                {
                    "decision_id": self.id,
                    "change": changes[entry["status"]],
                    "old_version_id": (
                        before.get(entry["procedure"]) or entry["base"] or self.browse()
                    ).id
                    if entry["procedure"]
                    else False,
                    "changes": importer._describe_entry(entry),
                    "valid_from": self.effective_date,
                },
                entry,
            )
            for entry in touched
        ]

    def _get_kind(self, lines):
        """Return the kind that all the lines have in common."""
        kinds = set(lines.mapped("change"))
        # a procedure that replaces another stands in the list as a new one
        if kinds == {"new", "replaced"}:
            return "replaced"
        return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else self.kind

    def action_apply(self):
        """Open the import of the list of this decision."""
        self.ensure_one()
        self._check_not_applied()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply the Decision"),
            "res_model": "cchc.publication.apply",
            "view_mode": "form",
            "context": {"default_decision_id": self.id},
        }

    # --- Running dossiers

    def _dossier_domain(self):
        """Return the domain of the dossiers that run under what this changes."""
        return Domain.OR(line._dossier_domain() for line in self.line_ids)

    def action_open_dossiers(self):
        self.ensure_one()
        return self._open(
            "cchc_onestop.cchc_dossier_action", list(self._dossier_domain())
        )

    def action_open_drafts(self):
        self.ensure_one()
        return self._open(
            "cchc_onestop.cchc_dossier_action",
            [
                ("procedure_id", "in", self.line_ids.procedure_id.ids),
                ("state", "in", ("draft", "pre_supplement")),
            ],
        )

    def action_offer_stop(self):
        """Give a to-do to whoever handles a dossier of an abolished procedure.

        It says that the applicant may have the dossier stopped and given back. Nothing
        is stopped by itself, and a dossier gets the to-do once per decision.
        """
        self.ensure_one()
        self.check_access("write")
        if self.transition != "stop_on_request":
            raise UserError(
                self.env._(
                    "Running dossiers of %s are finished under the old rules; choose "
                    "the transition rule first.",
                    self.display_name,
                )
            )
        count = self.line_ids.filtered(
            lambda line: line.change in ("repealed", "replaced")
        )._offer_stop()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": self.env._("%s to-dos are given to the handlers.", count)
                if count
                else self.env._("Every running dossier already has its to-do."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # --- Opening

    def _open(self, action, domain):
        values = self.env["ir.actions.act_window"]._for_xml_id(action)
        values.update(domain=domain, context={})
        return values

    def action_open_versions(self):
        self.ensure_one()
        return self._open(
            "cchc_onestop.cchc_procedure_version_action",
            [("decision_id", "=", self.id)],
        )

    def action_open_procedures(self):
        self.ensure_one()
        return self._open(
            "cchc_onestop.cchc_procedure_action",
            [("id", "in", self.line_ids.procedure_id.ids)],
        )

    def action_open_reductions(self):
        self.ensure_one()
        return self._open(
            "cchc_onestop.cchc_time_reduction_action", [("decision_id", "=", self.id)]
        )

    def action_open_postings(self):
        self.ensure_one()
        return self._open(
            "cchc_onestop.cchc_posting_action", [("decision_id", "=", self.id)]
        )

    def action_make_postings(self):
        """Make the posting list for the agency in use, if it has none yet."""
        self.ensure_one()
        self.line_ids._make_postings(self.env.company)
        return self.action_open_postings()
