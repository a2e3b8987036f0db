from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import float_compare, html2plaintext, is_html_empty

from odoo.addons.cchc_onestop.tools import term

from ..tools import html_diff

LANG = "vi_VN"


class DocumentPageHistory(models.Model):
    """Text of an issue, made from the live process and the sections of the office."""

    # One file per subject: see docs/architecture.md.
    _inherit = "document.page.history"  # pylint: disable=consider-merging-classes-inherited

    difference = fields.Html(
        compute="_compute_difference",
        sanitize=False,
        help="What differs from the issue before",
    )

    @api.depends("preview", "previous_issue_id")
    def _compute_difference(self):
        for issue in self:
            before = issue.previous_issue_id.sudo()
            issue.difference = issue.env["ir.qweb"]._render(
                "cchc_iso.document_difference",
                {
                    "before": before,
                    "changes": html_diff.changes(before.content, issue.preview)
                    if before
                    else [],
                },
            )

    def _cchc_revisions(self):
        """Return the rows of the revision table up to this issue, oldest first."""
        self.ensure_one()
        earlier = self.sudo().search(
            [
                ("page_id", "=", self.page_id.id),
                ("state", "=", "approved"),
                ("issue_no", ">", 0),
                ("issue_no", "<", self.issue_no),
            ],
            order="issue_no",
        )
        rows = []
        for issue in earlier | self.sudo():
            common = {
                "issue": f"{issue.issue_no:02d}",
                "date": issue.effective_from
                and issue.effective_from.strftime("%d/%m/%Y")
                or "",
            }
            for change in issue.change_ids:
                rows.append(
                    {
                        "request": change.request,
                        "part": change.part or "",
                        "description": change.description or "",
                        **common,
                    }
                )
            if not issue.change_ids and (issue == self or issue.issue_no == 1):
                first = issue.issue_no == 1
                rows.append(
                    {
                        "request": "",
                        "part": "Toàn bộ" if first else "",
                        "description": (
                            "Ban hành lần đầu" if first else issue.summary or ""
                        ),
                        **common,
                    }
                )
        return rows

    def _cchc_layout(self):
        """Return the sections that this issue has."""
        self.ensure_one()
        return self.env["cchc.iso.document.section"]._layout(
            self.page_id.doc_type_id, self.page_id.system_id
        )

    def _cchc_has_layout(self):
        """Return whether the text is put together from sections."""
        self.ensure_one()
        if self.is_imported:
            return False
        if self.is_generated:
            return True
        # an office may have written its document elsewhere: then the file is the text
        blocks = self.block_ids
        written = not all(is_html_empty(block.content) for block in blocks)
        return bool(blocks) and (written or not self.file)

    def _cchc_make_blocks(self):
        """Give new drafts the sections to be written, with the texts of the issue
        before."""
        vals_list = []
        for issue in self:
            if not issue.is_generated and issue.content:
                continue
            before = {
                block.section_id: block.content
                for block in issue.previous_issue_id.sudo().block_ids
            }
            vals_list += [
                {
                    "issue_id": issue.id,
                    "section_id": section.id,
                    "content": before.get(section, False),
                }
                for section in issue._cchc_layout()
                if section.kind == "text"
            ]
        self.env["cchc.iso.document.block"].create(vals_list)

    # ------------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------------
    def _cchc_problem(self, approving=False):
        """Return in one sentence why the issue cannot be submitted, or False.

        :param approving: ask what is needed for the approval itself too
        """
        self.ensure_one()
        return (
            self._cchc_problem_of_people()
            or self._cchc_problem_of_text()
            or self._cchc_problem_of_process(approving)
        )

    def _cchc_problem_of_people(self):
        reviewer, approver = self.reviewer_id.sudo(), self.approver_id.sudo()
        if not reviewer or not approver:
            return self.env._(
                "%s: name who reviews and who approves it.", self.display_name
            )
        if reviewer == approver:
            return self.env._(
                "%(issue)s: %(person)s cannot both review and approve it; name two "
                "leaders.",
                issue=self.display_name,
                person=reviewer.name,
            )
        for person in reviewer | approver:
            if not person.active or not person.has_group(self._cchc_signature_group):
                return self.env._(
                    "%(issue)s: %(person)s is no leader of the quality system; name "
                    "another one.",
                    issue=self.display_name,
                    person=person.name,
                )
        return False

    def _cchc_problem_of_text(self):
        if self.is_generated and not self.process_id:
            return self.env._(
                "%s: choose the process that it describes.", self.display_name
            )
        if (
            not self.is_generated
            and not self.file
            and is_html_empty(self.content)
            and not self.block_ids
        ):
            return self.env._(
                "%s has neither a text nor a file yet.", self.display_name
            )
        return False

    def _cchc_problem_of_process(self, approving):
        """The steps fit the time that the citizen is promised (NĐ 118/2025; 5.4)."""
        process = self.process_id.sudo()
        if not process:
            return False
        if approving and process.state == "draft":
            return self.env._(
                "%(issue)s: publish the process %(process)s first.",
                issue=self.display_name,
                process=process.display_name,
            )
        current = self.page_id.sudo().process_id
        if current and current != process:
            return self.env._(
                "%(issue)s describes a process that is replaced: drop it and begin a "
                "new issue of the process from %(day)s.",
                issue=self.display_name,
                day=current.valid_from.strftime("%d/%m/%Y"),
            )
        limit = self._cchc_time_limit(process)
        if limit and (
            float_compare(process.planned_hours, limit[0], precision_digits=2) > 0
        ):
            return self.env._(
                "%(issue)s: the steps add up to %(sum)s hours, more than the "
                "%(limit)s hours (%(time)s) of 5.4; shorten them by %(excess)s hours.",
                issue=self.display_name,
                sum=f"{process.planned_hours:g}",
                limit=f"{limit[0]:g}",
                time=limit[1],
                excess=f"{round(process.planned_hours - limit[0], 2):g}",
            )
        return False

    def _cchc_time_limit(self, process):
        """Return ``(hours, words)`` of the shortest time that binds the process.

        The committed one and the statutory one of the version in force when the issue
        takes effect, which may be later than that of the process.
        """
        day = max(
            filter(None, [self.effective_from, self._cchc_today(), process.valid_from])
        )
        company = self.page_id.company_id.sudo() or process.company_id
        version = process.procedure_id._version_at(day, company) or process.version_id
        case = version.case_ids.filtered(lambda row: row.name == process.case_id.name)
        limits = [
            process._get_committed_term(),
            process._get_statutory_term(),
            version._pick_time_limit(process.channel, case[:1])._get_term(),
        ]
        words = self.env["cchc.procedure.time.limit"]
        found = [
            (
                term.hours(limit, process.day_hours, process._get_weekdays()),
                words._format_term(limit),
            )
            for limit in limits
            if limit
        ]
        return min(found) if found else None

    # ------------------------------------------------------------------
    # Text
    # ------------------------------------------------------------------
    def _cchc_render(self):
        """Return the text of the issue as it would be approved now (Markup).

        Read with full rights and in Vietnamese, whoever looks: the text is that of
        the document, not of its reader.
        """
        self.ensure_one()
        issue = self.sudo().with_context(
            lang=LANG, tz=str((self.company_id.sudo() or self.env.company)._cchc_tz())
        )
        if not issue._cchc_has_layout():
            return Markup(issue.content or "")
        return issue.env["ir.qweb"]._render(
            "cchc_iso.document_body", issue._cchc_render_values()
        )

    def _cchc_render_values(self):
        """Return the values of the template: sections with plain data."""
        self.ensure_one()
        layout = self._cchc_layout()
        numbers = layout._numbers()
        blocks = {block.section_id: block.content for block in self.block_ids}
        sections = []
        for section in layout:
            data = self._cchc_section_data(section, blocks)
            if section.optional and not data:
                continue
            sections.append(
                {
                    "number": numbers[section.id],
                    "level": section.level,
                    "title": section.title,
                    "kind": section.kind,
                    "data": data,
                    "text": Markup(data) if section.kind == "text" else "",
                }
            )
        return {"issue": self, "sections": sections}

    def _cchc_section_data(self, section, blocks):
        """Return what fills a section: rows, a dict or a text."""
        if section.kind == "text":
            content = blocks.get(section)
            if is_html_empty(content):
                content = self._cchc_standard_text(section)
            return content
        if section.kind == "heading":
            return True
        if section.kind in ("forms", "kept", "references"):
            return getattr(self, f"_cchc_data_{section.kind}")()
        process = self.process_id
        if not process:
            return None
        return getattr(self, f"_cchc_data_{section.kind}")(process, process.version_id)

    def _cchc_standard_text(self, section):
        """Return the standard text of a section with the names of this document."""
        names = {
            "{procedure}": self.procedure_id.name or self.page_id.name,
            "{agency}": self.page_id.company_id.name or "",
        }
        text = section.standard_text or ""
        for name, value in names.items():
            text = text.replace(name, escape(value))
        return text

    def _cchc_data_references(self):
        edition = self.edition_id
        rows = [" - ".join(filter(None, [edition.code, edition.name]))]
        manual = self.env["document.page"].search(
            [
                ("system_id", "=", self.page_id.system_id.id),
                ("doc_key", "=", "manual"),
                ("id", "!=", self.page_id.id),
            ],
            limit=1,
        )
        if manual:
            rows.append(f"{manual.name} ({manual.code})")
        decision = self.process_id.decision_id
        if decision:
            rows.append(decision.display_name)
        return [row for row in rows if row]

    def _cchc_data_legal(self, process, version):
        return [
            {
                "number": basis.number,
                "title": basis.title or "",
                "date": basis.date and basis.date.strftime("%d/%m/%Y"),
            }
            for basis in version.legal_basis_ids.sorted(
                lambda basis: (basis.date or basis.create_date.date(), basis.number)
            )
        ]

    def _cchc_data_parts(self, process, version):
        rows = version.document_ids.filtered(
            lambda part: (
                not part.case_id
                or not process.case_id
                or part.case_id == process.case_id
            )
        )
        return [
            {
                "name": part.name,
                "case": part.case_id.name if not process.case_id else False,
                "originals": part.originals,
                "copies": part.copies,
                "required": part.required,
                "database": part.source == "database",
                "note": part.note,
            }
            for part in rows
        ]

    def _cchc_data_sets(self, process, version):
        return {"count": version.set_count, "note": version.set_note}

    def _cchc_data_time(self, process, version):
        limits = version.channel_ids.filtered(
            lambda row: not process.channel or row.channel == process.channel
        ).time_limit_ids.filtered(
            lambda row: (
                not row.case_id or not process.case_id or row.case_id == process.case_id
            )
        )
        rows = {}
        for limit in limits:
            words = limit._format_term(limit._get_term())
            if limit.case_id and not process.case_id:
                words = f"{limit.case_id.name}: {words}"
            channel = limit.channel_id.display_name
            rows.setdefault(words, []).append(channel)
        one = len(rows) == 1
        committed = process._get_committed_term()
        return {
            "statutory": [
                (words, "" if one else ", ".join(dict.fromkeys(channels)))
                for words, channels in rows.items()
            ],
            "committed": (
                self.env["cchc.procedure.time.limit"]._format_term(committed)
                if committed
                else False
            ),
        }

    def _cchc_data_place(self, process, version):
        company = self.page_id.company_id or process.company_id
        address = ", ".join(
            filter(None, [company.street, company.street2, company.city])
        )
        return {
            "desk": company.cchc_desk_name or company.name,
            "address": address,
            "place": version.reception_address,
        }

    def _cchc_data_fees(self, process, version):
        fees = version.channel_ids.time_limit_ids.fee_ids
        return list(
            dict.fromkeys(
                fee.legal_text and f"{fee.name}: {fee.legal_text}" or fee.display_name
                for fee in fees
            )
        )

    def _cchc_data_steps(self, process, version):
        roles = dict(
            self.env["cchc.process.step"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        words = self.env["cchc.procedure.time.limit"]
        rows = [
            {
                "no": number,
                "name": step.name,
                "content": step.content,
                "condition": step.condition,
                "who": step.department_id.name,
                "role": roles.get(step.role),
                "time": (
                    words._format_term(
                        term.Term(step.planned_amount, step.planned_unit)
                    )
                    if step.planned_amount
                    else ""
                ),
                "output": step.output,
            }
            for number, step in enumerate(process.step_ids, 1)
        ]
        total = term.Term(process.planned_hours, "working_hour")
        return {
            "rows": rows,
            "total": words._format_term(total),
            "limit": process.committed_text,
        }

    def _cchc_data_forms(self):
        rows = [
            {"code": form.code, "name": form.name}
            for form in self.page_id.form_ids.sorted(lambda form: form.code or "")
        ]
        rows += [
            {"code": part.code or "", "name": part.template_name}
            for part in self.version_id.document_ids
            if part.template_name
        ]
        return list({(row["code"], row["name"]): row for row in rows}.values())

    def _cchc_data_kept(self):
        page, version = self.page_id, self.version_id
        process = self.process_id
        last = process.step_ids.filtered("department_id")[-1:].department_id
        department = (page.department_id or last).name or ""
        kept_for = (
            page.retention
            or version.retention
            or self._cchc_retention_words()
            or page.doc_type_id.retention
            or ""
        )
        names = []
        if process:
            layout = self._cchc_layout()
            numbers = layout._numbers()
            parts = layout.filtered(lambda section: section.kind == "parts")[:1]
            names.append(
                f"Thành phần hồ sơ theo mục {numbers.get(parts.id, '')}".strip()
            )
            names += [f"Kết quả giải quyết: {row.name}" for row in version.result_ids]
            names.append("Phiếu kiểm soát quá trình giải quyết hồ sơ")
        rows = [
            {"name": name, "department": department, "retention": kept_for}
            for name in names
        ]
        rows += [
            {
                "name": row.name,
                "department": row.department_id.name or department,
                "retention": row.retention or kept_for,
            }
            for row in page.kept_ids
        ]
        return rows

    def _cchc_retention_words(self):
        """Return how long the retention rule keeps the records of the procedure."""
        procedure = self.process_id.procedure_id
        if not procedure:
            return ""
        rule = self.env["cchc.iso.retention.rule"]._chooser()(
            self.page_id.company_id.id,
            procedure.id,
            procedure.sector_id.id,
            True,
            self._cchc_today(),
        )
        if not rule:
            return ""
        return "Vĩnh viễn" if rule.permanent else f"{rule.years} năm"

    def _cchc_plain_preview(self):
        """Return the text of the issue, as it would be approved, without markup."""
        return html2plaintext(self.preview or "")
