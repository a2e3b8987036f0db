from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import guard, identity, replay, term
from .cchc_dossier_clock import aware, naive

#: Columns that a known applicant fills in, and the partner's column behind each.
_FROM_PARTNER = {
    "applicant_name": "name",
    "applicant_phone": "phone",
    "applicant_email": "email",
    "applicant_identity": "cchc_identity",
    "applicant_identity_type": "cchc_identity_type",
    "applicant_birth_date": "cchc_birth_date",
    "applicant_sex": "cchc_sex",
}


class CchcDossier(models.Model):
    """Reception at the desk: find, identify, tick, look at the dates, accept."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    scan = fields.Char(
        string="Scan the Identity Card",
        compute="_compute_scan",
        inverse="_inverse_scan",
        groups="cchc_onestop.group_identity",
        help="Scan or paste the QR text of the chip card: name, birth date, sex and "
        "address fill in",
    )
    all_received = fields.Boolean(
        string="All Parts Received",
        compute="_compute_all_received",
        inverse="_inverse_all_received",
        readonly=False,
    )
    doubts = fields.Text(
        compute="_compute_doubts",
        groups="cchc_onestop.group_identity",
        help="What the desk should look at twice; nothing here prevents acceptance",
    )
    has_cases = fields.Boolean(compute="_compute_has_cases")
    preview_due_at = fields.Datetime(
        string="Would Be Due", compute="_compute_preview", help="If accepted now"
    )
    preview_text = fields.Char(compute="_compute_preview", string="Time Limit")
    preview_problem = fields.Char(compute="_compute_preview")

    # ------------------------------------------------------------------
    # Identity
    # ------------------------------------------------------------------
    def _compute_scan(self):
        self.scan = False

    def _inverse_scan(self):
        """The text is read by the onchange; it is never stored."""

    @api.onchange("scan")
    def _onchange_scan(self):
        if not self.scan:
            return None
        text, self.scan = self.scan, False
        try:
            card = identity.parse_chip_qr(text)
        except ValueError as error:
            return {
                "warning": {
                    "title": self.env._("Identity card not read"),
                    "message": str(error),
                }
            }
        self._apply_card(card)
        return None

    def _apply_card(self, card):
        """Fill the applicant from a chip card; a known one brings his phone along."""
        partner = self._find_partner(card.number, card.old_number)
        if partner:
            self.partner_id = partner
            self._onchange_partner_id()
        self.update(
            {
                "applicant_kind": "citizen",
                "applicant_identity_type": "personal",
                "applicant_identity": card.number,
                "applicant_name": _title(card.name),
                "applicant_birth_date": card.birth_date,
                "applicant_sex": card.sex or False,
                "applicant_address": card.address,
            }
        )

    @api.onchange("applicant_identity")
    def _onchange_applicant_identity(self):
        number = (self.applicant_identity or "").replace(" ", "")
        if not number:
            return
        self.applicant_identity = number
        if "|" in number:
            self.scan = self.applicant_identity
            return
        if identity.read_personal(number):
            self.applicant_identity_type = "personal"
        elif self.applicant_identity_type == "personal" and identity.check_tax_code(
            number
        ):
            self.applicant_identity_type = "tax"
            self.applicant_kind = "enterprise"
        partner = self._find_partner(number)
        if partner and partner != self.partner_id:
            self.partner_id = partner
            self._onchange_partner_id()

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Fill in what is known of the owner; typed data are not overwritten."""
        partner = self.partner_id.sudo()
        if not partner:
            return
        for name, source in _FROM_PARTNER.items():
            if partner[source]:
                self[name] = partner[source]
        address = partner._cchc_address()
        if address:
            self.applicant_address = address
        if partner.is_company and self.applicant_kind == "citizen":
            self.applicant_kind = "enterprise"

    @api.model
    def _find_partner(self, *numbers):
        """Return the partner with one of these identity numbers or tax codes."""
        numbers = [number for number in numbers if number]
        return (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    "|",
                    ("cchc_identity", "in", numbers),
                    ("vat", "in", numbers),
                    ("parent_id", "=", False),
                ],
                limit=1,
            )
            .sudo(False)
        )

    @api.depends(
        "applicant_identity",
        "applicant_identity_type",
        "applicant_birth_date",
        "applicant_sex",
        "procedure_id",
        "partner_id",
    )
    def _compute_doubts(self):
        for dossier in self:
            lines = dossier._identity_doubts()
            repeated = dossier._filed_lately()
            if repeated:
                lines.append(
                    self.env._(
                        "The same owner filed this procedure on %(date)s (%(code)s).",
                        date=fields.Date.to_string(repeated.accepted_at),
                        code=repeated.name,
                    )
                )
            if dossier.supplement_count > 1:
                lines.append(
                    self.env._("Supplemented more than once: counts as late (766).")
                )
            dossier.doubts = "\n".join(lines) or False

    def _identity_doubts(self):
        """Return the sentences about a doubtful identity number (§3.3)."""
        self.ensure_one()
        number = self.applicant_identity
        if not number:
            return []
        if self.applicant_identity_type == "tax":
            if identity.check_tax_code(number):
                return []
            return [self.env._("The check digit of tax code %s is wrong.", number)]
        if self.applicant_identity_type not in ("personal", "old"):
            return []
        sentences = {
            "length": self.env._("The personal number has 12 digits."),
            "old": self.env._(
                "This is an old 9-digit number: ask for the 12-digit one."
            ),
            "province": self.env._(
                "The first three digits are no known province (possible for births "
                "abroad)."
            ),
            "year": self.env._("The number says another year of birth."),
            "sex": self.env._("The number says the other sex."),
        }
        return [
            sentences[doubt]
            for doubt in identity.check_personal(
                number, self.applicant_birth_date, self.applicant_sex
            )
        ]

    def _filed_lately(self):
        """Return a dossier of the same owner and procedure filed lately, if any."""
        self.ensure_one()
        days = self.company_id.cchc_duplicate_days
        number = self.sudo().applicant_identity
        if not days or not number or not self.procedure_id:
            return self.browse()
        return self.search(
            [
                ("applicant_identity", "=", number),
                ("procedure_id", "=", self.procedure_id.id),
                ("accepted_at", ">=", fields.Datetime.now() - timedelta(days=days)),
                ("state", "!=", "void"),
                ("id", "!=", self._origin.id),
            ],
            order="accepted_at desc",
            limit=1,
        )

    # ------------------------------------------------------------------
    # Procedure
    # ------------------------------------------------------------------
    @api.onchange("procedure_id", "case_id", "channel", "company_id")
    def _onchange_procedure_id(self):
        if not self.procedure_id:
            return
        version = self.procedure_id._version_at(company=self.company_id)
        if self.case_id.version_id != version:
            self.case_id = False
        self.document_ids = [
            Command.clear(),
            *(Command.create(vals) for vals in self._document_vals(version)),
        ]
        self.fee_ids = [
            Command.clear(),
            *(Command.create(vals) for vals in self._fee_vals(version)),
        ]
        self.sets = version.set_count or 1

    @api.depends("procedure_id", "company_id")
    def _compute_has_cases(self):
        for dossier in self:
            dossier.has_cases = bool(
                dossier.procedure_id
                and dossier.procedure_id._version_at(
                    company=dossier.company_id
                ).case_ids
            )

    def _document_vals(self, version):
        """Return the rows of the parts that this case of the version asks for."""
        return [
            {
                "part_id": part.id,
                "sequence": part.sequence,
                "code": part.code,
                "name": part.name,
                "source": part.source,
                "kind": self._document_kind(part),
                "required": part.required,
                "originals": part.originals,
                "copies": part.copies,
                # Data from a database are there without the applicant's doing.
                "received": part.source == "database",
            }
            for part in version.document_ids
            if not part.case_id or part.case_id == self.case_id
        ]

    @api.model
    def _document_kind(self, part):
        if part.source == "database":
            return "database"
        if part.source == "efile":
            return "electronic"
        return "copy" if part.copies and not part.originals else "original"

    def _fee_vals(self, version):
        """Return the fee rows of the channel and case, verbatim text included."""
        if not version:
            # Not in force (any more): the preview says why it cannot be received.
            return []
        limit = version._pick_time_limit(self.channel, self.case_id)
        return [
            {
                "fee_id": fee.id,
                "name": fee.name,
                "is_stated": fee.is_stated,
                "amount": fee.amount,
                "legal_text": fee.legal_text,
            }
            for fee in limit.fee_ids
        ]

    @api.depends("document_ids.received")
    def _compute_all_received(self):
        for dossier in self:
            dossier.all_received = bool(dossier.document_ids) and all(
                document.received for document in dossier.document_ids
            )

    @api.onchange("all_received")
    def _onchange_all_received(self):
        if self.all_received:
            self.document_ids.update({"received": True})

    def _inverse_all_received(self):
        for dossier in self.filtered("all_received"):
            dossier.document_ids.received = True

    @api.depends(
        "procedure_id", "case_id", "channel", "company_id", "received_at", "state"
    )
    def _compute_preview(self):
        now = fields.Datetime.now()
        for dossier in self:
            dossier.preview_due_at = False
            dossier.preview_text = False
            dossier.preview_problem = False
            if not dossier.procedure_id or dossier.accepted_at:
                continue
            try:
                plan = dossier._reception_plan(now)
            except UserError as error:
                dossier.preview_problem = str(error)
                continue
            start = dossier._clock_start(plan, now)
            due, _statutory = dossier._plan_dates(plan, start)
            dossier.preview_due_at = due
            dossier.preview_text = dossier._limit_text(plan)

    def _limit_text(self, plan):
        """Return both time limits in words: promised / by law."""
        format_term = self.env["cchc.procedure.time.limit"]._format_term
        if plan["committed"] == plan["statutory"]:
            return format_term(plan["statutory"])
        return self.env._(
            "%(committed)s (by law: %(statutory)s)",
            committed=format_term(plan["committed"]),
            statutory=format_term(plan["statutory"]),
        )

    # ------------------------------------------------------------------
    # What a dossier of this procedure is promised
    # ------------------------------------------------------------------
    def _reception_plan(self, now):
        """Return version, process, limits, rules and calendar for a dossier.

        :raises UserError: when the procedure cannot be received now
        """
        self.ensure_one()
        company = self.company_id
        day = company._cchc_local_date(now)
        outline = self.procedure_id._reception_outline(
            day, company, self.channel, self.case_id
        )
        rules = self.env["cchc.deadline.rule"].sudo()
        rule_of = {
            code: rules._get_rule(code, day, company)
            for code in {
                limit.rule or limit.unit
                for limit in (outline.statutory, outline.committed)
                if limit
            }
        }
        return {
            "day": day,
            "version": self.env["cchc.procedure.version"].browse(outline.version_id),
            "process": self.env["cchc.process"].browse(outline.process_id or ()),
            "steps": outline.steps,
            "statutory": outline.statutory,
            "committed": outline.committed,
            **{
                f"{clock}_rule": limit and rule_of[limit.rule or limit.unit]
                for clock, limit in (
                    ("statutory", outline.statutory),
                    ("committed", outline.committed),
                )
            },
            "calendar": company.resource_calendar_id,
            "transfer_rule": self.receiving_company_id != company
            and rules._get_rule("transfer", day, company),
        }

    def _clock_start(self, plan, now):
        """Return when the clock starts for a dossier accepted at ``now``.

        A dossier for another agency starts when that agency has it; until it confirms,
        the latest lawful moment of transfer is taken (NĐ 118/2025 Đ.18 k.2).
        """
        self.ensure_one()
        start = self.received_at or now
        if not plan["transfer_rule"]:
            return start
        working = plan["calendar"]._cchc_working_time()
        return naive(working.due(aware(start), 1, plan["transfer_rule"]._to_rule()))

    def _plan_dates(self, plan, start):
        """Return the two due moments ``(committed, statutory)`` of a start."""
        working = plan["calendar"]._cchc_working_time()
        dates = []
        for clock in ("committed", "statutory"):
            term = plan[clock]
            dates.append(
                naive(
                    working.due(
                        aware(start), term.amount, plan[f"{clock}_rule"]._to_rule()
                    )
                )
                if term
                else False
            )
        return dates

    # ------------------------------------------------------------------
    # Acceptance
    # ------------------------------------------------------------------
    def action_accept(self):
        """Accept drafts: code, clock, due dates, steps, first line of the ledger.

        Accepting a dossier twice changes nothing the second time. One transaction:
        either everything is there or nothing.

        :raises UserError: with one sentence that names what is missing
        """
        self._lock()
        drafts = self.filtered(lambda dossier: not dossier.accepted_at)
        if drafts:
            drafts._begin("accept", lock=False)
            drafts._accept(replay.now(self.env))
        return True

    def action_accept_and_print(self):
        """Accept the draft and print its receipt."""
        self.ensure_one()
        self.action_accept()
        return self.action_print_receipt()

    def _accept(self, now):
        """Accept the drafts at ``now``."""
        plans = self._accept_plans(now)
        for dossier in self:
            dossier._check_acceptable(now)
        self._link_partners()
        codes = self._take_codes(plans)
        posts = self._posts_of(plans)
        steps = self._create_steps(plans, posts, now)
        vals_by_id = {}
        for dossier in self:
            vals_by_id[dossier.id] = {
                **dossier._accept_vals(plans[dossier], now),
                **steps[dossier],
                "name": codes[dossier],
            }
        self._move("accept", vals_by_id=vals_by_id, post=posts[self.env.uid])

    def _posts_of(self, plans):
        """Return the posts of the current user and of all who may take a step."""
        candidates = {self.env.uid}
        for plan in plans.values():
            for step in plan["steps"]:
                candidates.update(step["user_ids"])
        return self.env["res.users"].browse(candidates)._cchc_posts()

    def _accept_plans(self, now):
        """Return ``{dossier: plan}``; alike dossiers share one plan."""
        shared, plans = {}, {}
        for dossier in self:
            key = (
                dossier.company_id,
                dossier.receiving_company_id,
                dossier.procedure_id,
                dossier.case_id,
                dossier.channel,
            )
            if key not in shared:
                shared[key] = dossier._reception_plan(now)
            plans[dossier] = shared[key]
        return plans

    def _check_acceptable(self, now):
        """Refuse a draft that lacks what the receipt must state."""
        self.ensure_one()
        if not (self.applicant_name or "").strip():
            raise UserError(
                self.env._("Enter the name of the owner before accepting the dossier.")
            )
        if self.received_at:
            self._check_received_at(self.received_at, now)
        missing = self.document_ids.filtered(
            lambda document: document.required and not document.received
        )
        if missing:
            raise UserError(
                self.env._(
                    "These required parts are not ticked as received: %s. Tick them, "
                    "or ask for completion.",
                    "; ".join(missing.mapped("name")),
                )
            )

    def _accept_vals(self, plan, now):
        """Return the columns that acceptance fixes for the dossier's whole life."""
        self.ensure_one()
        start = self._clock_start(plan, now)
        due, statutory = self._plan_dates(plan, start)
        return {
            "accepted_at": now,
            "clock_start_at": start,
            "receiver_id": self.env.user.id,
            "first_due_at": due,
            "unextended_due_at": due,
            "due_at": due,
            "statutory_due_at": statutory,
            **self._plan_columns(plan),
        }

    @api.model
    def _plan_columns(self, plan):
        """Return the columns that keep what was promised, and by which rule."""
        vals = {
            "lookup_code": self._new_lookup_code(),
            "version_id": plan["version"].id,
            "process_id": plan["process"].id,
            "calendar_id": plan["calendar"].id,
        }
        for clock, rule in (
            ("committed", "deadline_rule_id"),
            ("statutory", "statutory_rule_id"),
        ):
            term = plan[clock]
            if term:
                vals[f"{clock}_amount"] = term.amount
                vals[f"{clock}_unit"] = term.unit
                vals[rule] = plan[f"{clock}_rule"].id
        return vals

    def _take_codes(self, plans):
        """Return ``{dossier: code}``, consecutive per receiving agency."""
        codes = {}
        templates = self.env["cchc.code.template"].sudo()
        for company, group in self.grouped("receiving_company_id").items():
            day = plans[group[:1]]["day"]
            template = templates._for(company, day)
            codes.update(
                zip(group, template._next_codes(company, day, len(group)), strict=True)
            )
        return codes

    def _link_partners(self):
        """Give every dossier an owner: the known partner, or a new one."""
        without = self.filtered(lambda dossier: not dossier.partner_id)
        if not without:
            return
        numbers = [d.sudo().applicant_identity for d in without]
        known = {
            partner.cchc_identity: partner
            for partner in self.env["res.partner"]
            .sudo()
            .search([("cchc_identity", "in", [number for number in numbers if number])])
        }
        fresh = self.env["res.partner"].sudo().with_context(tracking_disable=True)
        for dossier, number in zip(without, numbers, strict=True):
            partner = known.get(number) if number else None
            if not partner:
                partner = fresh.create(dossier.sudo()._partner_vals())
                if number:
                    known[number] = partner
            guard.unlocked(dossier.sudo()).write({"partner_id": partner.id})

    def _partner_vals(self):
        """Return the values of a new partner for the owner of the dossier."""
        self.ensure_one()
        is_tax = self.applicant_identity_type == "tax"
        return {
            "name": self.applicant_name,
            "company_type": "person"
            if self.applicant_kind in ("citizen", "foreigner", "household_business")
            else "company",
            "phone": self.applicant_phone,
            "email": self.applicant_email,
            "street": self.applicant_address,
            "vat": self.applicant_identity if is_tax else False,
            "cchc_identity_type": self.applicant_identity_type,
            "cchc_identity": self.applicant_identity,
            "cchc_birth_date": self.applicant_birth_date,
            "cchc_sex": self.applicant_sex,
        }

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    def _create_steps(self, plans, posts, now):
        """Copy the steps of the process beside room for what will happen.

        The step of reception is done by acceptance itself; the next one becomes
        current.

        :return: ``{dossier: values of its step columns}``
        """
        vals_list, firsts, planned = [], {}, {}
        for dossier in self:
            plan = plans[dossier]
            if id(plan) not in planned:
                planned[id(plan)] = dossier._planned_steps(plan, posts)
            rows = dossier._step_rows(plan, planned[id(plan)], now)
            firsts[dossier] = next(
                (index for index, row in enumerate(rows) if row["state"] == "current"),
                None,
            )
            vals_list.append(rows)
        steps = guard.unlocked(self.env["cchc.dossier.step"].sudo()).create(
            [row for rows in vals_list for row in rows]
        )
        result, position = {}, 0
        for dossier, rows in zip(self, vals_list, strict=True):
            own = steps[position : position + len(rows)]
            position += len(rows)
            current = own[firsts[dossier]] if firsts[dossier] is not None else own[:0]
            result[dossier] = {
                "current_step_id": current.id,
                "user_id": current.user_id.id,
                "department_id": posts[current.user_id.id].department_id
                or current.department_id.id,
                "step_due_at": current.due_at,
            }
        return result

    def _step_rows(self, plan, planned, now):
        """Return the values of the steps of one dossier."""
        self.ensure_one()
        working = plan["calendar"]._cchc_working_time()
        start = self.received_at or now
        planned_end, rows, current = aware(start), [], False
        for step in planned:
            if step["planned_amount"]:
                planned_end = working.add(
                    planned_end, step["planned_amount"], step["planned_unit"]
                )
            row = {
                **step,
                "dossier_id": self.id,
                "planned_end_at": naive(planned_end),
                "state": "waiting",
            }
            if step["role"] == "receive" and not rows:
                row.update(
                    state="done",
                    started_at=start,
                    ended_at=now,
                    done_by_id=self.env.user.id,
                    user_id=self.env.user.id,
                )
            elif not current:
                current = True
                due = step["planned_amount"] and naive(
                    working.add(
                        aware(now), step["planned_amount"], step["planned_unit"]
                    )
                )
                row.update(state="current", started_at=now, due_at=due)
            rows.append(row)
        return rows

    def _planned_steps(self, plan, posts):
        """Return the planned columns of the steps, as a list of values.

        An agency without a published process works by the first process template,
        its times being shares of the committed time.
        """
        if plan["process"]:
            return [
                {
                    **{name: step[name] for name in step if name != "user_ids"},
                    # Who has left has no post.
                    "user_id": _only(posts.keys() & set(step["user_ids"])),
                }
                for step in plan["steps"]
            ]
        template = self.env["cchc.process.template"].sudo().search([], limit=1)
        if not template:
            raise UserError(
                self.env._(
                    "%(agency)s has neither a published process for this procedure nor "
                    "a process template: add one in the catalogue.",
                    agency=self.company_id.name,
                )
            )
        nobody = (self.env["hr.department"], self.env["res.users"])
        hours = plan["committed"] and term.hours(
            plan["committed"], plan["calendar"].hours_per_day or 8.0
        )
        wanted = (
            "sequence",
            "name",
            "role",
            "planned_amount",
            "planned_unit",
            "output",
        )
        return [
            {name: vals[name] for name in wanted}
            for _command, _id, vals in template._prepare_steps(
                hours or 0, lambda role: nobody
            )
        ]


def _only(ids):
    """Return the one id of a set, or False when there is none or more than one."""
    return next(iter(ids)) if len(ids) == 1 else False


def _title(name):
    """Return an upper-case name of the chip card in the usual writing."""
    return name.title() if name.isupper() else name
