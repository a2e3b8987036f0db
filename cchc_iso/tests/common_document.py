from odoo import Command, fields

from .common import IsoCase


class DocumentCase(IsoCase):
    """The commune's system with its board, and the process document of a procedure.

    ``deputy_head`` reviews, ``head`` approves, ``secretary`` drafts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy_head = cls._new_iso_user("deputy_head", "group_leader")
        cls.iso_manager = cls._new_iso_user("manager", "group_manager")
        cls.env["cchc.iso.member"].create(
            [
                {
                    "system_id": cls.system.id,
                    "company_id": cls.commune.id,
                    "user_id": user.id,
                    "role": role,
                    "valid_from": "2024-01-01",
                }
                for user, role in (
                    (cls.head, "1_head"),
                    (cls.deputy_head, "2_deputy"),
                    (cls.secretary, "3_secretary"),
                )
            ]
        )
        cls.process = cls.procedure.version_ids.process_ids
        cls.doc_type = cls.env.ref("cchc_iso.document_type_procedure_process")
        cls.today = fields.Date.context_today(cls.secretary.with_user(cls.secretary))

    def _document(self, process=None, user=None, **values):
        """Return the document of a process, made by the secretary."""
        process = process or self.process
        return (
            self.env["document.page"]
            .with_user(user or self.secretary)
            .create(
                {
                    "name": process.name,
                    "doc_type_id": self.doc_type.id,
                    "system_id": self.system.id,
                    "company_id": self.commune.id,
                    "department_id": self.department.id,
                    "process_id": process.id,
                    **values,
                }
            )
        )

    def _issue(self, page, **values):
        """Return the draft of the next issue."""
        issue = page.with_user(self.secretary)._cchc_draft_issue()
        if values:
            issue.write(values)
        return issue

    def _approve(self, issue):
        """Submit, review and approve an issue, each by who has to."""
        issue.with_user(self.secretary).action_to_approve()
        issue.with_user(self.deputy_head).validate_tier()
        issue.with_user(self.head).validate_tier()
        return issue

    def _issued(self, process=None, **values):
        """Return the document of a process with an approved issue."""
        page = self._document(process, **values)
        self._approve(self._issue(page))
        return page

    def _steps(self, process, hours):
        process.write(
            {
                "step_ids": [
                    Command.update(step.id, {"planned_amount": amount})
                    for step, amount in zip(process.step_ids, hours, strict=True)
                ]
            }
        )
