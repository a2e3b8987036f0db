from markupsafe import Markup

from odoo import api, models

from odoo.addons.cchc_onestop.tools.paper import place_and_date
from odoo.addons.cchc_onestop.tools.replay import now

ROLES = (("drafted", "Soạn thảo"), ("reviewed", "Xem xét"), ("approved", "Phê duyệt"))
MARKS = {
    "draft": "DỰ THẢO",
    "review": "DỰ THẢO",
    "obsolete": "LỖI THỜI",
    "cancelled": "ĐÃ HỦY",
}


class DocumentIssueReport(models.AbstractModel):
    """Values of the paper of an issue; its reader has the right to the issue."""

    _name = "report.cchc_iso.document_issue"
    _description = "Paper of a Document"

    @api.model
    def _get_report_values(self, docids, data=None):
        issues = self.env["document.page.history"].browse(docids)
        issues.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": issues._name,
            "docs": issues,
            "papers": [self._get_paper(issue) for issue in issues],
        }

    @api.model
    def _get_paper(self, issue):
        """Return all texts of one paper."""
        page = issue.page_id.sudo()
        open_issue = issue.state in ("draft", "to approve")
        title = page.name if open_issue else issue.title
        content = issue.preview if issue.state == "draft" else issue.content
        date = issue.effective_from
        return {
            "agency": page.company_id.name if open_issue else issue.agency_name,
            "title": title,
            "code": page.code if open_issue else issue.code,
            "number": f"{issue.issue_no:02d}",
            "date": date.strftime("%d/%m/%Y") if date else "…/…/……",
            "mark": MARKS.get(issue.issue_state, ""),
            "footer": self._get_footer(issue),
            "roles": [self._get_role(issue, role, title) for role, title in ROLES],
            "revisions": issue._cchc_revisions(),
            "content": Markup(content or ""),
            "file": issue.file_name,
        }

    @api.model
    def _get_footer(self, issue):
        if not issue.content_sha256:
            return ""
        return f"Tài liệu được kiểm soát – SHA-256: {issue.content_sha256[:16]}…"

    @api.model
    def _get_role(self, issue, role, title):
        """Return who did his part; before that, who is to do it."""
        signature = issue._cchc_signature(role)
        if signature:
            company = issue.company_id.sudo() or self.env.company
            return {
                "title": title,
                "name": signature.name,
                "post": signature.post or "",
                "on_behalf_of": signature.on_behalf_of,
                "date": company._cchc_local_date(signature.signed_at).strftime(
                    "%d/%m/%Y"
                ),
            }
        fields = {"drafted": "drafter_id", "reviewed": "reviewer_id"}
        person = issue[fields.get(role, "approver_id")].sudo()
        employee = person.with_company(issue.company_id or self.env.company).employee_id
        known = person and not issue.is_imported
        return {
            "title": title,
            "name": person.name if known else "",
            "post": employee.job_title or "" if known else "",
            "on_behalf_of": False,
            "date": "",
        }


class DocumentSetReport(models.AbstractModel):
    """Values of the list of documents (Danh mục tài liệu)."""

    _name = "report.cchc_iso.document_set"
    _description = "Paper of a Document Set"

    @api.model
    def _get_report_values(self, docids, data=None):
        sets = self.env["cchc.iso.document.set"].browse(docids)
        sets.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": sets._name,
            "docs": sets,
            "papers": [self._get_set(record) for record in sets],
        }

    @api.model
    def _get_post(self, record):
        """Return the post of the signatory in the board, else in the agency."""
        user = record.signer_id.sudo()
        members = record.system_id.sudo().member_ids.filtered(
            lambda member: member.user_id == user and not member.valid_to
        )
        employee = user.with_company(record.company_id).employee_id
        return members[:1].post or employee.job_title or ""

    @api.model
    def _get_set(self, record):
        agency = record.company_id.sudo()
        groups, number = [], 0
        for doc_type, lines in (
            record.line_ids.sorted(lambda line: (line.sequence, line.code or ""))
            .grouped("doc_type_id")
            .items()
        ):
            rows = []
            for line in lines:
                number += 1
                issue = line.issue_id
                rows.append(
                    {
                        "no": number,
                        "code": line.code,
                        "title": issue.title or line.page_id.name,
                        "issue": f"{issue.issue_no:02d}" if issue else "",
                        "date": (
                            issue.effective_from.strftime("%d/%m/%Y")
                            if issue.effective_from
                            else ""
                        ),
                        "department": line.department_id.name or "",
                    }
                )
            groups.append({"name": doc_type.name, "rows": rows})
        day = record.date or agency._cchc_local_date(now(self.env))
        decision = record.number or ""
        if decision and record.date:
            decision += f" ngày {record.date:%d/%m/%Y}"
        return {
            "agency": agency,
            "place_and_date": place_and_date(agency.cchc_place or agency.city, day),
            "mark": {"draft": "DỰ THẢO", "replaced": "LỖI THỜI"}.get(record.state, ""),
            "decision": decision,
            "groups": groups,
            "signer": record.signer_name or "",
            "post": self._get_post(record).upper(),
        }
