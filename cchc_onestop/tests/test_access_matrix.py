import csv
from datetime import timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..tools import guard
from .common import OnestopCase, local

ROLES = ("desk", "cashier", "handler", "leader", "catalogue", "auditor", "manager")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
MATRIX = Path(__file__).parent / "access_matrix.csv"


@tagged("post_install", "-at_install")
class TestAccessMatrix(OnestopCase):
    """Role × model × operation × own or foreign agency, from ``access_matrix.csv``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._new_user("cashier", "group_cashier")
        cls.rows = list(csv.DictReader(MATRIX.read_text().splitlines()))

    def _records(self):
        """Return ``{(model, agency): record}`` for every line of the matrix."""
        with freeze_time(local("09/11/2026 09:00")):
            own = self._full_dossier()
            foreign = self._foreign_copy()
        records = {}
        for agency, dossier in (("own", own), ("foreign", foreign)):
            records["cchc.dossier", agency] = dossier
            for name in ("step", "document", "fee", "pause", "extension", "event"):
                records[f"cchc.dossier.{name}", agency] = dossier[f"{name}_ids"][:1]
            records["cchc.dossier.apology", agency] = dossier.apology_ids
            company = self.commune if agency == "own" else self.neighbour
            records["cchc.code.template", agency] = self.env[
                "cchc.code.template"
            ].create({"name": "Mẫu riêng", "company_id": company.id})
        records["cchc.process", "own"] = own.process_id
        records["cchc.process.step", "own"] = own.process_id.step_ids[:1]
        process = self.env["cchc.process"].create(
            {
                "version_id": own.version_id.id,
                "company_id": self.neighbour.id,
                "valid_from": "2024-01-01",
                "step_ids": [Command.create({"name": "Thụ lý", "planned_amount": 8})],
            }
        )
        records["cchc.process", "foreign"] = process
        records["cchc.process.step", "foreign"] = process.step_ids[:1]
        records["cchc.number", "own"] = self.env["cchc.number"].search([], limit=1)
        records["cchc.reason", "own"] = self.env["cchc.reason"].search([], limit=1)
        records["cchc.sector", "own"] = self.sector
        records["cchc.procedure", "own"] = self.procedure
        records["cchc.procedure.version", "own"] = own.version_id
        for agency, dossier in (("own", own), ("foreign", foreign)):
            records |= self._watch_records(agency, dossier)
            records |= self._paper_records(agency, dossier)
            records |= self._fee_records(agency, dossier)
            records |= self._catalogue_records(agency, dossier)
            records |= self._bundle_records(agency, dossier)
        records["cchc.fee.group", "own"] = self.env["cchc.fee.group"].search(
            [], limit=1
        )
        records["cchc.receipt.rule", "own"] = self.env["cchc.receipt.rule"].search(
            [], limit=1
        )
        for agency, dossier in (("own", own), ("foreign", foreign)):
            records |= self._report_records(agency, dossier)
            records |= self._import_records(agency, dossier)
            records |= self._evaluation_records(agency, dossier)
            records |= self._desk_records(agency, dossier)
        records["cchc.period.rule", "own"] = self.env["cchc.period.rule"].search(
            [], limit=1
        )
        records["cchc.report.regime", "own"] = self.env["cchc.report.regime"].search(
            [], limit=1
        )
        records["cchc.job", "own"] = (
            self.env["cchc.job"]
            .with_user(self.desk)
            ._enqueue("Sổ", "cchc.register", "workbook", {})
        )
        records["cchc.publication.term", "own"] = self.env.ref(
            "cchc_onestop.publication_term_posting"
        )
        records["cchc.catalogue.stat", "own"] = self.env["cchc.catalogue.stat"].search(
            [("procedure_id", "=", self.procedure.id)]
        )
        return records

    def _catalogue_records(self, agency, dossier):
        """Return a decision, its list, a posting and a time reduction of one agency."""
        company = dossier.company_id
        decision = self.env["cchc.publication.decision"].create(
            {"number": f"1/{agency}", "date": "2026-11-09", "company_id": company.id}
        )
        line = guard.unlocked(self.env["cchc.publication.line"]).create(
            {
                "decision_id": decision.id,
                "procedure_id": self.procedure.id,
                "change": "amended",
                "valid_from": "2026-11-09",
            }
        )
        posting = line._make_postings(company)
        reduction = self.env["cchc.time.reduction"].create(
            {"decision_id": decision.id, "company_id": company.id}
        )
        reduced = reduction.line_ids.create(
            {"reduction_id": reduction.id, "procedure_id": self.procedure.id}
        )
        return {
            (record._name, agency): self.env[record._name].browse(record.id)
            for record in (decision, line, posting, reduction, reduced)
        }

    def _import_records(self, agency, dossier):
        """Return an import of old dossiers of one agency, its row and its table."""
        record = self.env["cchc.dossier.import"].create(
            {
                "company_id": dossier.company_id.id,
                "file": "e30=",
                "alias_ids": [Command.create({"code": "CU-01"})],
                "line_ids": [Command.create({"status": "faulty", "number": 2})],
            }
        )
        return {
            ("cchc.dossier.import", agency): record,
            ("cchc.dossier.import.line", agency): record.line_ids,
            ("cchc.dossier.import.alias", agency): record.alias_ids,
        }

    def _evaluation_records(self, agency, dossier):
        """Return the slip of a dossier of one agency and one of its answers."""
        at = fields.Datetime.now() - timedelta(days=1)
        guard.unlocked(dossier).write({"returned_at": at})
        slip = self.env["cchc.evaluation"].create(
            {
                "dossier_id": dossier.id,
                "level": "satisfied",
                "entered_by_id": self.desk.id,
            }
        )
        return {
            ("cchc.evaluation", agency): slip,
            ("cchc.evaluation.answer", agency): slip.answer_ids[:1],
            ("cchc.evaluation.criterion", "own"): slip.answer_ids[:1].criterion_id,
        }

    def _desk_records(self, agency, dossier):
        """Return a hand-over of somebody's work with its rows, and a bulk move."""
        company = dossier.company_id
        person = self.colleague if agency == "own" else self.outsider
        handover = self.env["cchc.handover"].create(
            {
                "user_id": person.id,
                "company_id": company.id,
                "kind": "leave",
            }
        )
        line = guard.unlocked(self.env["cchc.handover.line"]).create(
            {
                "handover_id": handover.id,
                "dossier_id": dossier.id,
                "step_id": dossier.step_ids[:1].id,
            }
        )
        candidate = guard.unlocked(self.env["cchc.handover.candidate"]).create(
            {"handover_id": handover.id, "user_id": self.leader.id}
        )
        bulk = self.env["cchc.bulk"]._prepare("sign", dossier)
        return {
            (record._name, agency): self.env[record._name].browse(record.id)
            for record in (handover, line, candidate, bulk, bulk.line_ids)
        }

    def _report_records(self, agency, dossier):
        """Return a report of one agency and all that belongs to it."""
        report = self.env["cchc.statistic"].create(
            {
                "form": "06a",
                "company_id": dossier.company_id.id,
                "date_from": "2026-06-15",
                "date_to": "2026-09-14",
            }
        )
        report.action_compute()
        self.env.cr.execute(
            "INSERT INTO cchc_statistic_entry (statistic_id, res_id, row_id, cell) "
            "VALUES (%s, %s, 1, 24) RETURNING id",
            (report.id, dossier.id),
        )
        entry = self.env["cchc.statistic.entry"].browse(self.env.cr.fetchone())
        correction = guard.unlocked(self.env["cchc.statistic.correction"]).create(
            {"statistic_id": report.id, "dossier_id": dossier.id}
        )
        return {
            ("cchc.statistic", agency): report,
            ("cchc.statistic.line", agency): report.line_ids[:1],
            ("cchc.statistic.entry", agency): entry,
            ("cchc.statistic.correction", agency): correction,
        }

    def _fee_records(self, agency, dossier):
        """Return what collecting a fee leaves behind, of one agency."""
        company = dossier.company_id
        book = self.env["cchc.receipt.book"].create(
            {"company_id": company.id, "year": 2026, "symbol": "26TAB"}
        )
        cashier = self.cashier
        if agency == "foreign":
            cashier = self._new_user("till", "group_cashier", company=company)
        payment = (
            self.env["cchc.payment"]
            .with_user(cashier)
            .with_context(allowed_company_ids=company.ids)
            .prepare(dossier.with_user(cashier))
        )
        with freeze_time(local("09/11/2026 10:00")):
            payment.action_pay()
        receipt = payment.sudo().receipt_ids
        rule = self.env["cchc.fee.rule"].create(
            {"code": "X", "name": "Phí", "company_id": company.id}
        )
        return {
            ("cchc.receipt.book", agency): book,
            ("cchc.payment", agency): payment,
            ("cchc.payment.line", agency): payment.line_ids,
            ("cchc.receipt", agency): receipt,
            ("cchc.receipt.line", agency): receipt.line_ids,
            ("cchc.receipt.outbox", agency): receipt.outbox_ids,
            ("cchc.cash.closing", agency): receipt.closing_id,
            ("cchc.fee.rule", agency): rule,
            ("cchc.fee.exemption", agency): self.env["cchc.fee.exemption"].create(
                {
                    "group_id": self.env.ref("cchc_onestop.fee_group_poor").id,
                    "company_id": company.id,
                }
            ),
        }

    def _bundle_records(self, agency, dossier):
        """Return a group of one agency with its own definition."""
        company = dossier.company_id
        kind = self.env["cchc.bundle.type"].create(
            {
                "name": "Nhóm",
                "procedure_id": self.procedure.id,
                "company_id": company.id,
                "valid_from": "2030-01-01",
                "line_ids": [
                    Command.create(
                        {
                            "name": "Phần",
                            "agency_ids": [Command.create({"company_id": company.id})],
                        }
                    )
                ],
                "part_ids": [Command.create({"name": "Giấy"})],
            }
        )
        guard.unlocked(dossier).write({"bundle_type_id": kind.id})
        line = guard.unlocked(self.env["cchc.bundle.line"]).create(
            {"group_id": dossier.id, "type_line_id": kind.line_ids.id}
        )
        bundle = guard.unlocked(self.env["cchc.bundle"]).create(
            {"dossier_id": dossier.id, "type_id": kind.id, "company_id": company.id}
        )
        results = self.env["cchc.bundle.import"].create(
            {
                "company_id": company.id,
                "file": "e30=",
                "line_ids": [Command.create({"status": "faulty", "number": 2})],
            }
        )
        found = {
            "": bundle,
            ".line": line,
            ".type": kind,
            ".type.line": kind.line_ids,
            ".type.part": kind.part_ids,
            ".type.agency": kind.line_ids.agency_ids,
            ".import": results,
            ".import.line": results.line_ids,
        }
        return {
            (f"cchc.bundle{name}", agency): self.env[record._name].browse(record.id)
            for name, record in found.items()
        }

    def _paper_records(self, agency, dossier):
        """Return an issued paper and an edition of one agency."""
        edition = self.env.ref("cchc_onestop.form_01_2025").copy(
            {"company_id": dossier.company_id.id}
        )
        paper = guard.unlocked(self.env["cchc.dossier.paper"]).create(
            {
                "name": f"99/{agency}",
                "dossier_id": dossier.id,
                "company_id": dossier.company_id.id,
                "code": "01",
                "edition_id": edition.id,
                "year": 2026,
                "issued_at": fields.Datetime.now(),
                "issued_by_id": self.desk.id,
            }
        )
        return {
            ("cchc.dossier.paper", agency): self.env["cchc.dossier.paper"].browse(
                paper.id
            ),
            ("cchc.form.edition", agency): edition,
        }

    def _watch_records(self, agency, dossier):
        """Return the stand-in, alert rule, alert and digest of one agency."""
        company, person, stand_in = (
            (self.commune, self.colleague, self.handler)
            if agency == "own"
            else (
                self.neighbour,
                self.outsider,
                self._new_user("foreign", "group_desk", company=self.neighbour),
            )
        )
        rule = self.env["cchc.alert.rule"].create(
            {
                "name": "Quá hạn",
                "kind": "overdue",
                "company_id": company.id,
                "level_ids": [Command.create({"receiver": "handler"})],
            }
        )
        today = company._cchc_local_date(fields.Datetime.now())
        return {
            ("cchc.substitution", agency): self.env["cchc.substitution"].create(
                {
                    "user_id": person.id,
                    "substitute_id": stand_in.id,
                    "date_from": today + timedelta(days=1),
                    "date_to": today + timedelta(days=2),
                    "company_id": company.id,
                    "reason": "Nghỉ phép",
                }
            ),
            ("cchc.alert.rule", agency): rule,
            ("cchc.alert.level", agency): rule.level_ids,
            ("cchc.alert", agency): guard.unlocked(self.env["cchc.alert"]).create(
                {
                    "dossier_id": dossier.id,
                    "company_id": company.id,
                    "rule_id": rule.id,
                    "kind": rule.kind,
                    "level": 1,
                    "base_at": fields.Datetime.now(),
                    "occurrence": 0,
                    "fired_at": fields.Datetime.now(),
                }
            ),
            ("cchc.alert.digest", agency): guard.unlocked(
                self.env["cchc.alert.digest"]
            ).create({"user_id": person.id, "company_id": company.id, "date": today}),
        }

    def _full_dossier(self):
        """Return a dossier with a row of every kind."""
        dossier = self._accepted()
        dossier.with_user(self.leader).action_extend(
            local("20/11/2026 17:00"), "Khối lượng hồ sơ tăng", reason=self.delay
        )
        dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        guard.unlocked(self.env["cchc.dossier.apology"]).create(
            {
                "dossier_id": dossier.id,
                "reason_id": self.delay.id,
                "due_at": local("30/11/2026 17:00"),
                "requester_id": self.handler.id,
            }
        )
        return dossier.sudo()

    def _foreign_copy(self):
        """Return the same dossier as one of the neighbour: only the agencies differ."""
        copy = self._full_dossier()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_dossier SET company_id = %s, receiving_company_id = %s "
            "WHERE id = %s",
            (self.neighbour.id, self.neighbour.id, copy.id),
        )
        self.env.cr.execute(
            "UPDATE cchc_dossier_apology SET company_id = %s WHERE dossier_id = %s",
            (self.neighbour.id, copy.id),
        )
        self.env.cr.execute(
            "UPDATE cchc_dossier_event SET company_id = %s WHERE dossier_id = %s",
            (self.neighbour.id, copy.id),
        )
        self.env.invalidate_all()
        return copy

    def test_matrix(self):
        records = self._records()
        for row in self.rows:
            record = records[row["model"], row["agency"]]
            self.assertTrue(record, row)
            for role in ROLES:
                user = getattr(self, role)
                for letter, operation in OPERATIONS.items():
                    with self.subTest(
                        model=row["model"],
                        agency=row["agency"],
                        role=role,
                        operation=operation,
                    ):
                        self.assertEqual(
                            record.with_user(user)
                            .with_context(allowed_company_ids=self.commune.ids)
                            .has_access(operation),
                            letter in row[role],
                        )

    def test_matrix_names_every_model_of_the_dossier(self):
        listed = {row["model"] for row in self.rows}
        models = self.env["ir.model"].search(
            [
                "|",
                ("model", "=like", "cchc.dossier%"),
                ("model", "=like", "cchc.bundle%"),
                ("transient", "=", False),
            ]
        )
        expected = {
            model.model
            for model in models
            if not model.abstract and self.env[model.model]._auto
        }
        self.assertFalse(expected - listed)

    def test_identity_numbers_only_for_those_who_handle(self):
        dossier = self._accepted()
        for user in (self.desk, self.handler, self.leader, self.manager):
            self.assertEqual(dossier.with_user(user).applicant_identity, "045190000123")
        for user in (self.auditor, self.catalogue):
            with self.assertRaises(AccessError):
                dossier.with_user(user).read(["applicant_identity"])
            with self.assertRaises(AccessError):
                self.partner.with_user(user).read(["cchc_identity"])

    def test_administrator_ticks_several_roles(self):
        officer = self._new_user("ticked", "group_base")
        admin = self.env.ref("base.user_admin")
        with Form(officer.with_user(admin), "base.view_users_form") as form:
            form.cchc_role_ids.add(self.env.ref("cchc_onestop.group_desk"))
            form.cchc_role_ids.add(self.env.ref("cchc_onestop.group_leader"))
        self.assertTrue(officer.has_group("cchc_onestop.group_desk"))
        self.assertTrue(officer.has_group("cchc_onestop.group_leader"))
        officer.with_user(admin).cchc_role_ids = self.env.ref(
            "cchc_onestop.group_leader"
        )
        self.assertFalse(officer.has_group("cchc_onestop.group_desk"))
        self.assertTrue(officer.has_group("base.group_user"))

    def test_several_roles_in_one_person(self):
        both = self._new_user("both", "group_desk", "group_handler", "group_leader")
        dossier = self._draft(user=both)
        dossier.action_accept()
        dossier.with_user(self.manager).action_assign(both)
        dossier.with_user(both).action_pass_step()
        self.assertEqual(dossier.state, "to_sign")

    def test_province_sees_totals_and_details_by_right(self):
        dossier = self._accepted()
        officer = self._new_user("province", "group_leader", company=self.province)
        totals = self.env["cchc.dossier.stat"].with_user(officer)
        domain = [("company_id", "=", self.commune.id)]
        self.env.flush_all()
        self.assertEqual(
            totals._read_group(domain, aggregates=["received:sum"])[0][0], 1
        )
        mine = self.env["cchc.dossier"].with_user(officer)
        self.assertNotIn(dossier, mine.search([]))
        officer.group_ids += self.env.ref("cchc_onestop.group_subordinate")
        self.assertIn(dossier, mine.search([]))
        self.assertFalse(dossier.with_user(officer).has_access("write"))
        self.env["cchc.dossier.stat"].with_user(self.outsider).search(domain)
        self.assertFalse(
            self.env["cchc.dossier.stat"].with_user(self.outsider).search_count(domain)
        )
