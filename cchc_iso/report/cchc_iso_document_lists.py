from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.cchc_onestop.tools.paper import DOTS, short_day
from odoo.addons.cchc_onestop.tools.replay import now

#: Words of the printed papers; official, the same in every interface language.
LANG = "vi_VN"
MEDIA = {"soft": "Bản mềm", "paper": "Bản giấy"}
#: Who sees who has read what, as the rules of the confirmations say.
READERS = (
    "cchc_iso.group_officer",
    "cchc_iso.group_leader",
    "cchc_iso.group_auditor",
)


class CchcIsoDocumentLists(models.AbstractModel):
    """What the lists of document control share: agency, place and date.

    The papers that a procedure of document control names: list of documents, list of
    records, distribution list and request for a change (ISO 9001 7.5.3).
    """

    _name = "cchc.iso.document.lists"
    _description = "Base of the Papers of Document Control"
    _inherit = "cchc.paper.report"
    _paper_model = "document.page"

    @api.model
    def _get_head(self, company, day=None):
        """Return what heads the paper of an agency, of today where no day is given."""
        agency = (company or self.env.company).sudo()
        day = day or agency._cchc_local_date(now(self.env))
        return {
            "agency": agency,
            "place_and_date": self._get_place_and_date(agency, day),
        }

    @api.model
    def _get_groups(self, pages):
        """Return ``[{"name", "rows"}]`` by document type, numbered through.

        The rows of a page are those of ``_get_rows``, as dicts.
        """
        groups, number = [], 0
        pages = pages.sorted(
            lambda page: (page.doc_type_id.sequence, page.code or "", page.id)
        )
        for doc_type, found in pages.grouped("doc_type_id").items():
            rows = []
            for page in found:
                for row in self._get_rows(page):
                    number += 1
                    rows.append({"no": number, **row})
            if rows:
                groups.append({"name": doc_type.name, "rows": rows})
        return groups

    @api.model
    def _get_pages(self, system):
        """Return the controlled documents in use of the agency."""
        return (
            self.env["document.page"]
            .with_context(lang=LANG)
            .search(
                [
                    ("doc_type_id", "!=", False),
                    ("system_id", "=", system.id),
                    ("company_id", "in", [system._cchc_company().id, False]),
                ]
            )
        )


class CchcIsoDocumentMasterList(models.AbstractModel):
    """Danh mục tài liệu kiểm soát: every document with its issue in force."""

    _name = "report.cchc_iso.document_master_list"
    _description = "List of Controlled Documents (paper)"
    _inherit = "cchc.iso.document.lists"
    _paper_model = "mgmtsystem.system"

    @api.model
    def _get_sheet(self, system):
        pages = self._get_pages(system)
        in_force = pages.filtered(lambda page: page.document_state == "in_force")
        return {
            **self._get_head(system._cchc_company()),
            "groups": self._get_groups(pages),
            "total": len(pages),
            "in_force": len(in_force),
        }

    @api.model
    def _get_rows(self, page):
        issue = page.issue_id
        copies = [
            f"{recipient.copy_no}: {recipient.name}"
            if recipient.copy_no and recipient.copy_no != "M"
            else recipient.name
            for recipient in page.sudo().recipient_ids
        ]
        return [
            {
                "code": page.code,
                "title": page.name,
                "issue": f"{issue.issue_no:02d}" if issue else "",
                "date": short_day(issue.effective_from),
                "department": page.department_id.name or "",
                "copies": ", ".join(filter(None, copies)),
                "note": self._get_note(page),
            }
        ]

    @api.model
    def _get_note(self, page):
        """Return in one word what is not settled about a document."""
        if page.to_update:
            return "Cần cập nhật"
        if page.document_state == "in_force":
            return ""
        if page.doc_key == "form" and not page.issue_ids:
            return "Theo quy trình"
        return {
            "draft": "Đang soạn thảo",
            "to_come": "Chưa có hiệu lực",
            "withdrawn": "Hết hiệu lực",
        }.get(page.document_state, "")


class CchcIsoDocumentRecordList(models.AbstractModel):
    """Danh mục hồ sơ: what each document in force asks to keep, where, how long."""

    _name = "report.cchc_iso.document_record_list"
    _description = "List of Records (paper)"
    _inherit = "cchc.iso.document.lists"
    _paper_model = "mgmtsystem.system"

    @api.model
    def _get_sheet(self, system):
        return {
            **self._get_head(system._cchc_company()),
            "groups": self._get_groups(self._get_pages(system)),
        }

    @api.model
    def _get_rows(self, page):
        """Return the records that the issue in force of a document names."""
        if not page.issue_id:
            return []
        # the text of the issue names them for every reader
        return [
            {
                "code": page.code,
                "name": row["name"],
                "department": row["department"],
                "retention": row["retention"],
            }
            for row in page.issue_id.sudo()._cchc_data_kept()
        ]


class CchcIsoDocumentDistribution(models.AbstractModel):
    """Danh sách phân phối tài liệu: who got the issue in force, who has read it."""

    _name = "report.cchc_iso.document_distribution"
    _description = "Distribution List (paper)"
    _inherit = "cchc.iso.document.lists"

    @api.model
    def _get_report_values(self, docids, data=None):
        if not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(
                self.env._(
                    "Who has read a document is shown to the ISO secretary, leaders "
                    "and auditors."
                )
            )
        return super()._get_report_values(docids, data)

    @api.model
    def _get_sheet(self, page):
        issue = (
            page.issue_id
            or page.issue_ids.filtered(lambda row: row.state == "approved").sorted(
                "issue_no"
            )[-1:]
        )
        agency = (page.company_id or self.env.company).sudo()
        acks = issue.ack_ids.sorted(
            lambda ack: (ack.department_id.name or "", ack.user_id.name or "")
        )
        recipients = [
            {
                "name": row.name,
                "medium": MEDIA[row.medium],
                "copy": row.copy_no or "",
            }
            for row in page.recipient_ids
        ]
        return {
            **self._get_head(agency),
            "code": page.code,
            "title": issue.title or page.name,
            "issue": f"{issue.issue_no:02d}" if issue else DOTS,
            "from": short_day(issue.effective_from) or DOTS,
            "recipients": recipients,
            "acks": [
                {
                    "name": ack.user_id.sudo().name,
                    "department": ack.department_id.sudo().name or "",
                    "due": short_day(ack.due_date),
                    "read": (
                        f"{agency._cchc_local_time(ack.read_at):%H:%M %d/%m/%Y}"
                        if ack.read_at
                        else ""
                    ),
                }
                for ack in acks
            ],
            "read_count": len(acks.filtered("read_at")),
        }


class CchcIsoDocumentRequest(models.AbstractModel):
    """Phiếu yêu cầu sửa đổi tài liệu: what is asked for, and what came of it."""

    _name = "report.cchc_iso.document_request"
    _description = "Request for a Change (paper)"
    _inherit = "cchc.iso.document.lists"
    _paper_model = "cchc.iso.document.change"

    @api.model
    def _get_sheet(self, change):
        page = change.page_id
        person = change.requester_id.sudo()
        employee = person.with_company(change.company_id).employee_id
        agency = (change.company_id or self.env.company).sudo()
        issue = change.issue_id.sudo()
        decision = ""
        if change.state == "taken":
            decision = f"Chấp nhận, đưa vào lần ban hành {issue.issue_no:02d}"
            if issue.state == "approved":
                decision += f", có hiệu lực từ {short_day(issue.effective_from)}"
        elif change.state == "declined":
            decision = f"Không chấp nhận: {change.answer or ''}"
        before = issue.previous_issue_id or page.sudo().issue_id
        return {
            **self._get_head(agency, change.requested_on),
            "change": change,
            "code": page.code,
            "title": page.name,
            "issue": f"{before.issue_no:02d}" if before else "",
            "requester": person.name,
            "department": employee.department_id.name or "",
            "decision": decision,
        }
