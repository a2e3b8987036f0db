from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import bundle_plan, guard, replay
from .cchc_dossier_clock import aware, naive
from .cchc_procedure_outline import Outline

#: What a part of a group takes over from the reception of the group.
_ENTERED_ONCE = (
    *("channel", "submitted_at", "priority", "summary", "sets"),
    *("partner_id", "submitter_id", "submitter_relation", "applicant_kind"),
    *("applicant_name", "applicant_identity_type", "applicant_identity"),
    *("applicant_birth_date", "applicant_sex", "applicant_address"),
    *("applicant_phone", "applicant_email", "result_channel", "result_address"),
)
#: What a part shows of a paper of the group.
_SHARED = (
    *("sequence", "code", "name", "source", "kind", "required", "originals"),
    *("copies", "received"),
)
#: Columns that only the group writes.
_OWN = frozenset({"parent_id", "bundle_id", "bundle_line_id"})


class CchcDossier(models.Model):
    """Reception of a group of interlinked procedures: one screen, one acceptance."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    bundle_type_id = fields.Many2one(
        "cchc.bundle.type",
        string="Kind of Group",
        readonly=True,
        ondelete="restrict",
        help="Set on the dossier of a group of interlinked procedures",
    )
    group_line_ids = fields.One2many(
        "cchc.bundle.line", "group_id", string="Procedures of the Group"
    )
    bundle_id = fields.Many2one(
        "cchc.bundle",
        string="Interlinked Group",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    bundle_line_id = fields.Many2one(
        "cchc.bundle.line",
        string="Part of the Group",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    is_group = fields.Boolean(compute="_compute_group")
    group_chip = fields.Char(string="Interlinked", compute="_compute_group")

    @api.depends("bundle_type_id", "bundle_id", "parent_id")
    def _compute_group(self):
        whole, part = self.env._("Interlinked"), self.env._("Part of a Group")
        for dossier in self:
            dossier.is_group = bool(dossier.bundle_type_id)
            dossier.group_chip = (
                whole
                if dossier.bundle_type_id
                else part
                if dossier.bundle_id
                else False
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def _check_protected(self, names):
        if _OWN & names:
            raise UserError(
                self.env._(
                    "The dossiers of a group are opened by the group: receive its "
                    "procedure, and they follow in their order."
                )
            )
        return super()._check_protected(names)

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            groups = self.env["cchc.bundle.type"]._group_procedures()
            vals_list = [
                self._complete_group(vals, vals.get("procedure_id") in groups)
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _complete_group(self, vals, is_group):
        """Return the values of a draft with the parts of its group, if it is one.

        What arrives over RPC as well as from the reception screen becomes a whole
        group: none of its obligatory parts can be missing.
        """
        for command in vals.get("document_ids") or ():
            if len(command) > 2 and isinstance(command[2], dict):
                command[2].pop("shared_from_id", None)
        if not is_group:
            if "bundle_type_id" not in vals and "group_line_ids" not in vals:
                return vals
            dropped = ("bundle_type_id", "group_line_ids")
            return {name: vals[name] for name in vals if name not in dropped}
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        group = self._group_type(
            self.env["cchc.procedure"].browse(vals["procedure_id"]), company
        )
        return {
            **vals,
            "bundle_type_id": group.id,
            "group_line_ids": self._group_commands(group, vals.get("group_line_ids")),
        }

    @api.model
    def _group_commands(self, group, commands):
        """Return the commands that make all parts of a group.

        :param commands: commands of a client; only what the desk chooses is kept
        """
        asked = {
            command[2].get("type_line_id"): command[2]
            for command in commands or ()
            if command[0] == Command.CREATE
        }
        return [
            Command.create(
                {
                    "type_line_id": line.id,
                    **{
                        name: asked[line.id][name]
                        for name in ("chosen", "verify")
                        if name in asked.get(line.id, ())
                    },
                }
            )
            for line in group.line_ids
        ]

    def _take_again(self, vals):
        if vals.get("group_line_ids") and self.state == "draft":
            self.group_line_ids.unlink()
        return super()._take_again(vals)

    @api.model
    def _group_type(self, procedure, company):
        """Return the kind of group that a procedure is today, or none."""
        groups = self.env["cchc.bundle.type"]
        if procedure.id not in groups._group_procedures():
            return groups
        day = company.sudo()._cchc_local_date(replay.now(self.env))
        return groups._for(procedure, company, day)

    def write(self, vals):
        if not guard.is_unlocked(self.env):
            if "bundle_type_id" in vals or "procedure_id" in vals:
                vals = self._check_group_change(vals)
        return super().write(vals)

    def _check_group_change(self, vals):
        """Keep the kind of group of a draft with its procedure."""
        vals = {name: vals[name] for name in vals if name != "bundle_type_id"}
        if "procedure_id" not in vals:
            return vals
        procedure = self.env["cchc.procedure"].browse(vals["procedure_id"])
        company = self.company_id[:1] or self.env.company
        group = self._group_type(procedure, company)
        if any(dossier.bundle_type_id != group for dossier in self):
            for dossier in self:
                dossier.group_line_ids.unlink()
            vals["bundle_type_id"] = group.id
            vals["group_line_ids"] = self._group_commands(
                group, vals.get("group_line_ids")
            )
        return vals

    # ------------------------------------------------------------------
    # The screen
    # ------------------------------------------------------------------
    @api.onchange(
        "procedure_id", "case_id", "channel", "company_id", "receiving_company_id"
    )
    def _onchange_procedure_id(self):
        group = (
            self._group_type(self.procedure_id, self.company_id)
            if self.procedure_id
            else self.env["cchc.bundle.type"]
        )
        if group != self.bundle_type_id or self._is_other_agency():
            self.bundle_type_id = group
            self.group_line_ids = [
                Command.clear(),
                *(Command.create({"type_line_id": line.id}) for line in group.line_ids),
            ]
        return super()._onchange_procedure_id()

    def _is_other_agency(self):
        """Return whether the parts were made for another receiving agency."""
        return any(
            line.type_line_id._agency_for(self.receiving_company_id)[0]
            != line.company_id
            for line in self.group_line_ids
        )

    @api.onchange("group_line_ids")
    def _onchange_group_line_ids(self):
        """Ask for those papers only that a chosen procedure needs."""
        if not self.bundle_type_id:
            return
        chosen = self._chosen_lines().type_line_id
        wanted = {
            part.name: part.required
            and bool(not part.line_ids or part.line_ids & chosen)
            for part in self.bundle_type_id.sudo().part_ids
        }
        for document in self.document_ids:
            if document.name in wanted and document.required != wanted[document.name]:
                document.required = wanted[document.name]
        self._compute_preview()

    @api.depends("bundle_type_id")
    def _compute_has_cases(self):
        """The parts of a group say themselves which of them need verification."""
        groups = self.filtered("bundle_type_id")
        groups.has_cases = False
        return super(CchcDossier, self - groups)._compute_has_cases()

    @api.depends("group_line_ids.chosen", "group_line_ids.verify")
    def _compute_preview(self):
        return super()._compute_preview()

    def _document_vals(self, version):
        """Return the papers of a group once, whoever of its parts needs them."""
        parts = self.bundle_type_id.sudo().part_ids
        if not parts:
            return super()._document_vals(version)
        known = {part.name: part for part in version.document_ids}
        chosen = self._chosen_lines().type_line_id
        vals_list = []
        for part in parts:
            row = known.get(part.name, version.document_ids.browse())
            vals_list.append(
                {
                    "part_id": row.id,
                    "sequence": part.sequence,
                    "code": part.code or row.code,
                    "name": part.name,
                    "source": part.source,
                    "kind": self._document_kind(part),
                    "required": part.required
                    and bool(not part.line_ids or part.line_ids & chosen),
                    "originals": part.originals,
                    "copies": part.copies,
                    "received": part.source == "database",
                }
            )
        return vals_list

    def _fee_vals(self, version):
        """Return the fees of all chosen procedures, to be paid at once.

        They stand on the dossier of the group: one receipt names them all.
        """
        if not self.bundle_type_id:
            return super()._fee_vals(version)
        vals_list = []
        for line in self._chosen_lines():
            if line.is_external or not line.procedure_id:
                continue
            # As if the part were received alone, with what is said of the applicant.
            alone = self.new(
                {
                    "procedure_id": line.procedure_id.id,
                    "company_id": line.company_id.id,
                    "receiving_company_id": self.receiving_company_id.id,
                    "channel": self.channel,
                    "received_at": self.received_at,
                    "fee_group_ids": [Command.set(self.fee_group_ids.ids)],
                }
            )
            version = line.procedure_id._version_at(company=line.company_id)
            for vals in alone._fee_vals(version):
                vals_list.append({**vals, "name": f"{line.name}: {vals['name']}"})
        return vals_list

    # ------------------------------------------------------------------
    # Order and times
    # ------------------------------------------------------------------
    def _chosen_lines(self):
        """Return the parts of the group that the applicant wants."""
        return self.group_line_ids.filtered("chosen")

    def _group_needs(self):
        """Return ``{line id of the definition: those that it waits for}``."""
        self.ensure_one()
        return bundle_plan.needs(
            self.bundle_type_id.sudo()._after(), self._chosen_lines().type_line_id.ids
        )

    def _group_spans(self):
        """Return ``{line id of the definition: working days from the start to its
        end}`` of those parts that have a time of their own."""
        calendar = (
            self.sudo().calendar_id or self.company_id.sudo().resource_calendar_id
        )
        verified = {line.type_line_id.id: line.verify for line in self._chosen_lines()}
        times = {
            line.id: line._working_days(verified[line.id], calendar)
            for line in self.bundle_type_id.sudo().line_ids
            if line.id in verified
        }
        return bundle_plan.ends(self._group_needs(), times)

    def _group_amount(self):
        """Return the time of the whole group in working days.

        The time that the law gives the whole, or, where it gives none, the sum of the
        parts along the longest way; a part may reach beyond the whole.
        """
        self.ensure_one()
        group = self.bundle_type_id.sudo()
        spans = self._group_spans()
        verify = any(line.verify for line in self._chosen_lines())
        total = group.total_verify_amount if verify else group.total_amount
        if not total:
            return max(spans.values(), default=1)
        beyond = group.line_ids.filtered("extends_total").ids
        return max([total, *(spans[line] for line in beyond if line in spans)])

    def _group_ends(self):
        """Return ``{line id of the definition: planned end}``, counted from the start
        of the group or from now."""
        self.ensure_one()
        group, company = self.bundle_type_id.sudo(), self.company_id.sudo()
        if not group or not company.resource_calendar_id:
            return {}
        start = aware(self.clock_start_at or self.received_at or replay.now(self.env))
        day = company._cchc_local_date(naive(start))
        rule = self.env["cchc.deadline.rule"]._get_rule(
            group.deadline_rule, day, company
        )
        rule, working = rule.sudo()._to_rule(), self.sudo()._working_time()
        spans = self._group_spans()
        whole = self._group_amount()
        return {
            line.id: naive(working.due(start, spans.get(line.id, whole), rule))
            for line in self._chosen_lines().type_line_id
        }

    # ------------------------------------------------------------------
    # Acceptance
    # ------------------------------------------------------------------
    def _reception_plan(self, now):
        plan = super()._reception_plan(now)
        if self.bundle_line_id:
            return self.bundle_line_id.sudo()._plan(plan)
        if self.bundle_type_id:
            return self._group_plan(plan)
        return plan

    def _group_plan(self, plan: Outline):
        """Return the plan of the group's own dossier: one appointment, no steps."""
        group = self.bundle_type_id.sudo()
        first = group.line_ids[:1]
        promise = first and first._promise(plan, self._group_amount(), "working_day")
        return plan._replace(
            committed=promise or plan.committed,
            statutory=promise or plan.statutory,
            process_id=False,
            steps=(),
            transfer=None,
        )

    def _plan_extras(self):
        own = self if self.bundle_type_id else self.browse()
        return (*super()._plan_extras(), self.bundle_line_id, own)

    def _planned_steps(self, plan, posts):
        """The group moves with its parts; others' parts with the news from there."""
        if self.bundle_type_id or self.bundle_line_id.sudo().is_external:
            return []
        return super()._planned_steps(plan, posts)

    def _create_steps(self, plans, posts, now):
        """Who received a group follows it, and its parts outside this database."""
        result = super()._create_steps(plans, posts, now)
        for dossier in self:
            if dossier.bundle_type_id or dossier.bundle_line_id.sudo().is_external:
                owner = dossier.parent_id.sudo().user_id or self.env.user
                result[dossier]["user_id"] = owner.id
                result[dossier]["department_id"] = (
                    owner.sudo().employee_id.department_id.id
                )
        return result

    def _accept_vals(self, plan, now):
        vals = super()._accept_vals(plan, now)
        if self.parent_id:
            vals["receiver_id"] = self.parent_id.sudo().receiver_id.id or self.env.uid
        return vals

    def action_accept(self):
        """Accept drafts; a group together with the parts that wait for nothing."""
        groups = self.filtered(
            lambda dossier: (
                dossier.bundle_type_id
                and dossier.state == "draft"
                and not dossier.accepted_at
            )
        )
        if not groups:
            return super().action_accept()
        # The rights are asked for before anything is made with those of the system.
        groups._begin("accept")
        groups._check_groups()
        groups._link_partners()
        bundles = self.env["cchc.bundle"]._open(groups)
        first = bundles._open_dossiers(bundles._ready_lines())
        result = super(CchcDossier, self | first.with_env(self.env)).action_accept()
        bundles._opened(first)
        return result

    def _check_groups(self):
        """Refuse a group without parts, or with parts that cannot be received."""
        for group in self:
            if not group._chosen_lines():
                raise UserError(
                    self.env._("Choose the procedures of the group before accepting.")
                )

    def _part_vals(self, line):
        """Return the values of the dossier of one part of this group."""
        self.ensure_one()
        group = self.sudo()
        vals = {
            name: value.id
            if isinstance(value := group[name], models.BaseModel)
            else value
            for name in _ENTERED_ONCE
        }
        return {
            **vals,
            "summary": line.name if not line.procedure_id else group.summary,
            "procedure_id": (line.procedure_id or group.procedure_id).id,
            "company_id": line.company_id.id,
            "receiving_company_id": group.receiving_company_id.id,
            "parent_id": group.id,
            "bundle_id": line.bundle_id.id,
            "bundle_line_id": line.id,
            "external_code": line.external_code,
            # The first parts came in together with the group, later ones come now.
            "received_at": not group.accepted_at and group.received_at,
            "document_ids": [Command.create(vals) for vals in group._shared_rows(line)],
        }

    def _shared_rows(self, line):
        """Return the papers of the group that a part needs."""
        needed_by = {
            part.name: part.line_ids
            for part in self.bundle_type_id.sudo().part_ids
            if part.line_ids
        }
        return [
            {
                **{name: document[name] for name in _SHARED},
                "part_id": document.part_id.id,
                "shared_from_id": document.id,
            }
            for document in self.document_ids
            if not document.is_result
            and line.type_line_id in needed_by.get(document.name, line.type_line_id)
        ]

    def _link_shared_files(self):
        """Show in the papers of these parts the files of the papers of the group."""
        if not self:
            return
        documents = self.env["cchc.dossier.document"]
        field = documents._fields["attachment_ids"]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(relation)s (document_id, attachment_id)
                SELECT document.id, shown.attachment_id
                  FROM cchc_dossier_document document
                  JOIN %(relation)s shown
                    ON shown.document_id = document.shared_from_id
                 WHERE document.dossier_id = ANY(%(dossiers)s)
                ON CONFLICT DO NOTHING
                """,
                relation=SQL.identifier(field.relation),
                dossiers=self.ids,
            )
        )
        documents.invalidate_model(["attachment_ids"], flush=False)
