from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import guard, identity, replay, rows, term
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
                agency = repeated.company_id.sudo()
                day = agency._cchc_local_date(repeated.accepted_at)
                lines.append(
                    self.env._(
                        "The same owner filed this procedure on %(date)s (%(code)s).",
                        date=f"{day:%d/%m/%Y}",
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
        rules = self.env["cchc.fee.rule"]
        found = rules._for(
            self.procedure_id, self.case_id, self._fee_date(), self.company_id.sudo()
        )
        vals_list = rules._merge(limit.fee_ids, found, self.channel)
        if not self.fee_group_ids:
            return vals_list
        return [
            {**vals, **self._exemption_vals(found.browse(vals.get("rule_id") or ()))}
            for vals in vals_list
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
        committed, statutory = (
            promise and promise.term for promise in (plan.committed, plan.statutory)
        )
        if committed == statutory:
            return format_term(statutory)
        return self.env._(
            "%(committed)s (by law: %(statutory)s)",
            committed=format_term(committed),
            statutory=format_term(statutory),
        )

    # ------------------------------------------------------------------
    # What a dossier of this procedure is promised
    # ------------------------------------------------------------------
    def _reception_plan(self, now):
        """Return the :class:`Outline` of a dossier received at ``now``.

        :raises UserError: when the procedure cannot be received now
        """
        self.ensure_one()
        return self.procedure_id._reception_outline(now, self)

    def _clock_start(self, plan, now):
        """Return when the clock starts for a dossier accepted at ``now``.

        A dossier for another agency starts when that agency has it; until it confirms,
        the latest lawful moment of transfer is taken (NĐ 118/2025 Đ.18 k.2).
        """
        self.ensure_one()
        start = self.received_at or now
        if not plan.transfer:
            return start
        return naive(plan.working.due(aware(start), 1, plan.transfer))

    def _plan_dates(self, plan, start):
        """Return the two due moments ``(committed, statutory)`` of a start."""
        return [
            promise
            and naive(plan.working.due(aware(start), promise.term.amount, promise.rule))
            or False
            for promise in (plan.committed, plan.statutory)
        ]

    # ------------------------------------------------------------------
    # Acceptance
    # ------------------------------------------------------------------
    def action_accept(self):
        """Accept drafts: code, clock, due dates, steps, first line of the ledger.

        Accepting a dossier twice changes nothing the second time. One transaction:
        either everything is there or nothing.

        :raises UserError: with one sentence that names what is missing
        """
        heads, missing = self._lock_drafts()
        drafts = self.filtered(lambda dossier: not dossier.accepted_at)
        if drafts:
            drafts._begin("accept", lock=False)
            drafts._accept(replay.now(self.env), heads, missing)
        return True

    def action_accept_and_print(self):
        """Accept the draft and print its receipt."""
        self.ensure_one()
        self.action_accept()
        return self.action_print_receipt()

    def _lock_drafts(self):
        """Lock the rows as :meth:`_lock` does, and look at their parts meanwhile.

        :return: ``{dossier id: (number, hash) of the last line of its ledger}`` and
            ``{dossier id: names of the required parts that are not there}``
        """
        self.env["cchc.dossier.document"].flush_model(
            ["dossier_id", "name", "received", "required", "sequence"]
        )
        self.env.cr.execute(
            """
            SELECT dossier.id, head.sequence, head.hash,
                   (SELECT string_agg(name, '; ' ORDER BY sequence, id)
                      FROM cchc_dossier_document
                     WHERE dossier_id = dossier.id
                       AND required AND received IS NOT TRUE)
              FROM cchc_dossier dossier
         LEFT JOIN LATERAL (
                    SELECT sequence, hash FROM cchc_dossier_event
                     WHERE dossier_id = dossier.id ORDER BY sequence DESC LIMIT 1
                   ) head ON TRUE
             WHERE dossier.id = ANY(%s)
          ORDER BY dossier.id
               FOR NO KEY UPDATE OF dossier
            """,
            (self.ids,),
        )
        heads, missing = {}, {}
        for dossier_id, number, digest, names in self.env.cr.fetchall():
            if number:
                heads[dossier_id] = (number, digest)
            if names:
                missing[dossier_id] = names
        return heads, missing

    def _accept(self, now, heads, missing):
        """Accept the drafts at ``now``.

        :param heads: ends of their chains of events
        :param missing: what they lack, see :meth:`_lock_drafts`
        """
        plans = self._accept_plans(now)
        self._check_acceptable(now, missing)
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
        self._move(
            "accept", vals_by_id=vals_by_id, heads=heads, post=posts[self.env.uid]
        )

    def _posts_of(self, plans):
        """Return the posts of the current user and of all who may take a step."""
        candidates = {self.env.uid}
        for plan in plans.values():
            for step in plan.steps:
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
                *dossier._plan_extras(),
            )
            if key not in shared:
                shared[key] = dossier._reception_plan(now)
            plans[dossier] = shared[key]
        return plans

    def _plan_extras(self):
        """Return what else the plan of a dossier follows from."""
        self.ensure_one()
        return ()

    def _check_acceptable(self, now, missing):
        """Refuse drafts that lack what the receipt must state."""
        for dossier in self:
            if not (dossier.applicant_name or "").strip():
                raise UserError(
                    self.env._(
                        "Enter the name of the owner before accepting the dossier."
                    )
                )
            if dossier.received_at:
                dossier._check_received_at(dossier.received_at, now)
            if dossier.id in missing:
                raise UserError(
                    self.env._(
                        "These required parts are not ticked as received: %s. Tick "
                        "them, or ask for completion.",
                        missing[dossier.id],
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
            "version_id": plan.version_id,
            "process_id": plan.process_id,
            "calendar_id": plan.calendar_id,
        }
        for clock, rule in (
            ("committed", "deadline_rule_id"),
            ("statutory", "statutory_rule_id"),
        ):
            promise = getattr(plan, clock)
            if promise:
                vals[f"{clock}_amount"] = promise.term.amount
                vals[f"{clock}_unit"] = promise.term.unit
                vals[rule] = promise.rule_id
        return vals

    def _take_codes(self, plans):
        """Return ``{dossier: code}``, consecutive per receiving agency."""
        codes = {}
        templates = self.env["cchc.code.template"].sudo()
        alike = self.grouped(lambda dossier: (plans[dossier].code, plans[dossier].day))
        for (series, day), group in alike.items():
            given = templates._next_codes(series, day, len(group))
            codes.update(zip(group, given, strict=True))
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
            wanted = dossier._step_rows(plan, planned[id(plan)], now)
            firsts[dossier] = next(
                (at for at, vals in enumerate(wanted) if vals["state"] == "current"),
                None,
            )
            vals_list.append(wanted)
        steps = rows.insert(
            self.env["cchc.dossier.step"].sudo(),
            [vals for own in vals_list for vals in own],
        )
        self.invalidate_recordset(["step_ids"], flush=False)
        result, position = {}, 0
        for dossier, wanted in zip(self, vals_list, strict=True):
            own = steps[position : position + len(wanted)]
            position += len(wanted)
            first = firsts[dossier]
            current = {} if first is None else wanted[first]
            handler = current.get("user_id", False)
            result[dossier] = {
                "current_step_id": first is not None and own[first].id,
                "user_id": handler,
                "department_id": posts[handler].department_id
                or current.get("department_id", False),
                "step_due_at": current.get("due_at", False),
            }
        return result

    def _step_rows(self, plan, planned, now):
        """Return the values of the steps of one dossier."""
        self.ensure_one()
        working = plan.working
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
        if plan.process_id:
            return [
                {
                    **{name: step[name] for name in step if name != "user_ids"},
                    # Who has left has no post.
                    "user_id": _only(posts.keys() & set(step["user_ids"])),
                }
                for step in plan.steps
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
        calendar = self.env["resource.calendar"].browse(plan.calendar_id)
        hours = plan.committed and term.hours(
            plan.committed.term, calendar.sudo().hours_per_day or 8.0
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
