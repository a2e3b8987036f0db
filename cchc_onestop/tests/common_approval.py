from contextlib import contextmanager

from odoo import Command
from odoo.orm.model_classes import add_to_registry
from odoo.tests import new_test_user


class ApprovalCommon:
    """A model under approval, an agency and its people; mix into a test case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        from .approval_tester import ApprovalTester

        add_to_registry(cls.registry, ApprovalTester)
        cls.registry._setup_models__(cls.env.cr, [ApprovalTester._name])
        cls.registry.init_models(
            cls.env.cr, [ApprovalTester._name], {"models_to_check": True}
        )
        cls.addClassCleanup(cls.registry.__delitem__, ApprovalTester._name)
        model = cls.env["ir.model"]._get(ApprovalTester._name)
        cls.env["ir.model.access"].create(
            {
                "name": "approval tester",
                "model_id": model.id,
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        cls.agency = cls.env["res.company"].create({"name": "UBND xã Hải Trường"})
        cls.agency.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"
        cls.other_agency = cls.env["res.company"].create({"name": "UBND xã Bến Cát"})
        cls.clerk = cls._person("clerk", "group_handler")
        cls.colleague = cls._person("colleague", "group_handler")
        cls.leader = cls._person("leader", "group_leader")
        cls.deputy = cls._person("deputy", "group_leader")
        cls.manager = cls._person("manager", "group_manager")
        cls.stranger = cls._person("stranger", "group_leader", cls.other_agency)
        cls.model_id = model.id

    @contextmanager
    def _refused(self, exception, sentence):
        """Expect a refusal with this sentence, and roll back what led to it."""
        with self.assertRaises(exception) as caught, self.env.cr.savepoint():
            yield
        self.assertRegex(str(caught.exception), sentence)

    @classmethod
    def _person(cls, login, group, company=None):
        company = company or cls.agency
        return new_test_user(
            cls.env,
            login=f"approval_{login}",
            password=f"approval_{login}",
            groups=f"cchc_onestop.{group}",
            name=login.capitalize(),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
        )

    @classmethod
    def _definition(cls, **values):
        return cls.env["tier.definition"].create(
            {
                "name": "Signature",
                "model_id": cls.model_id,
                "company_id": False,
                **values,
            }
        )

    @classmethod
    def _by_leader(cls, **values):
        return cls._definition(
            review_type="individual", reviewer_id=cls.leader.id, **values
        )

    def _record(self, user=None, **values):
        user = user or self.clerk
        return (
            self.env["cchc.approval.tester"]
            .with_user(user)
            .create({"name": "Tờ trình 01", "company_id": self.agency.id, **values})
        )

    def _requested(self, user=None, **values):
        record = self._record(user, **values)
        record.request_validation()
        return record

    def _away(self, user, substitute, date_from, date_to, scope="both", **values):
        return self.env["cchc.substitution"].create(
            {
                "user_id": user.id,
                "substitute_id": substitute.id,
                "date_from": date_from,
                "date_to": date_to,
                "scope": scope,
                "company_id": self.agency.id,
                "reason": "Nghỉ phép",
                **values,
            }
        )
