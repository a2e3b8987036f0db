"""Conformity of the demo commune: what does not apply, which records prove what, the
declaration in force with its posting sheet, the cycle of the year with one late step.

Told after the documents: the declaration takes those that are in force.
"""

from datetime import datetime, time, timedelta

from odoo import Command, fields

from odoo.addons.cchc_onestop.models.cchc_dossier_clock import naive
from odoo.addons.cchc_onestop.tools import replay

#: Clauses that a commune usually leaves out, and why.
EXCLUDED = {
    "8.3": "UBND xã giải quyết thủ tục hành chính theo quy định của pháp luật, không "
    "thiết kế và phát triển sản phẩm, dịch vụ mới.",
    "7.1.5": "Kết quả giải quyết thủ tục hành chính không phải đo bằng phương tiện đo "
    "cần hiệu chuẩn.",
}
#: Records kept on paper or in other software: name, clause, place, days since seen.
#: Nothing is kept about what clients leave behind (8.5.3): the clause that is missing.
KEPT = (
    ("Hồ sơ đào tạo, bồi dưỡng", "7.2", "Tủ hồ sơ cán bộ, Văn phòng", 20),
    ("Hợp đồng dịch vụ bưu chính công ích", "8.4.1", "Kế toán, Văn phòng", 45),
)
#: Clauses that documents of these kinds maintain too.
MAINTAINED = {"manual": ("4.3",), "procedure_process": ("8.2.4", "8.5.1")}
SCOPE = (
    "Giải quyết thủ tục hành chính thuộc thẩm quyền của UBND xã và các quá trình nội "
    "bộ của cơ quan."
)
GROUNDS = (
    "Kết quả rà soát tài liệu của Thư ký ISO; báo cáo 6 tháng số 112/BC-UBND: các quá "
    "trình được thực hiện đúng quy trình đã ban hành."
)
#: Steps of the year that are marked by hand: template, evidence.
DONE = (
    ("board", "Quyết định kiện toàn Ban Chỉ đạo ISO 58/QĐ-UBND"),
    ("documents", "Biên bản rà soát tài liệu của Thư ký ISO"),
    ("apply", "Báo cáo 6 tháng số 112/BC-UBND"),
)
LATE = "report"


def tell(env):
    """Tell how the commune declared its system.

    :param env: environment of the manager of the demo
    """
    Conformity(env).tell()


class Conformity:
    """People and clock of the story."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.today = self.company._cchc_local_date(fields.Datetime.now())
        self.system = env.ref("cchc_iso.demo_system")
        self.clock = replay.Clock(fields.Datetime.now())

    def tell(self):
        self._clauses()
        self._declaration(self.today - timedelta(days=12))
        self._cycle()

    def _as(self, login, records):
        user = self.env.ref(f"cchc_onestop.demo_user_{login}")
        return replay.replayed(records.with_user(user), self.clock)

    def _at(self, day, hour=9):
        """Set the clock to an hour of ``day`` in the commune, or to now before it."""
        local = datetime.combine(day, time(hour), tzinfo=self.company._cchc_tz())
        self.clock.set(min(naive(local), fields.Datetime.now()))

    def _clause(self, code):
        return self.env.ref(f"cchc_iso.clause_9001_2015_{code.replace('.', '_')}")

    def _clauses(self):
        self._as("vanphong", self.system).scope_text = SCOPE
        self._as("vanphong", self.env["cchc.iso.clause.exclusion"]).create(
            [
                {
                    "system_id": self.system.id,
                    "clause_id": self._clause(code).id,
                    "justification": reason,
                }
                for code, reason in EXCLUDED.items()
            ]
        )
        self._as("vanphong", self.env["cchc.iso.clause.record"]).create(
            [
                {
                    "name": name,
                    "clause_ids": [Command.set(self._clause(code).ids)],
                    "system_id": self.system.id,
                    "place": place,
                    "seen_on": self.today - timedelta(days=days),
                }
                for name, code, place, days in KEPT
            ]
        )
        for key, codes in MAINTAINED.items():
            self.env["document.page"].search(
                [("doc_key", "=", key), ("company_id", "=", self.company.id)]
            ).clause_ids = [Command.link(self._clause(code).id) for code in codes]
        never = self.env["cchc.iso.procedure.coverage"].search(
            [("status", "=", "missing")], limit=1
        )
        self._as("vanphong", self.env["cchc.iso.procedure.exclusion"]).create(
            {
                "procedure_id": never.procedure_id.id,
                "reason": "Chưa từng phát sinh hồ sơ tại xã",
            }
        )

    def _declaration(self, day):
        self._at(day, 8)
        draft = self._as("vanphong", self.env["cchc.iso.declaration"]).create(
            {
                "system_id": self.system.id,
                "signer_id": self.env.ref("cchc_onestop.demo_user_lanhdao").id,
                "reason": "Công bố lần đầu sau khi sắp xếp chính quyền hai cấp.",
            }
        )
        draft.action_fill()
        draft.effect_grounds = GROUNDS
        self._at(day, 10)
        self._as("lanhdao", draft).action_confirm_effect()
        draft.write({"number": "03/CB-UBND", "decided_on": day})
        draft.request_validation()
        self._at(day, 14)
        self._as("lanhdao", draft).validate_tier()
        draft.action_publish()
        self._post(draft.posting_ids, day + timedelta(days=2))

    def _post(self, postings, day):
        """Declaration and policy hang at the desk, the objectives do not yet."""
        self._at(day, 9)
        for posting in postings:
            if posting.subject == "objectives":
                continue
            posting.place = "Bảng niêm yết, Trung tâm Phục vụ hành chính công"
            posting.action_post()

    def _cycle(self):
        cycle = self._as("vanphong", self.env["cchc.iso.cycle"]).create(
            {
                "system_id": self.system.id,
                "year": self.today.year,
                "plan_number": "22/KH-UBND",
                "plan_date": self.today.replace(month=1, day=20),
            }
        )
        steps = {
            step.template_id.get_external_id()[step.template_id.id]: step
            for step in cycle.step_ids
        }
        for name, evidence in DONE:
            step = steps[f"cchc_iso.cycle_template_{name}"]
            step.note = evidence
            self._at(min(step.due_on - timedelta(days=4), self.today))
            step.action_done()
        # what the story holds for the whole year lies ahead, except one step
        for step in cycle.step_ids:
            if step.state == "late":
                step.due_on = self.today + timedelta(days=20)
        steps[f"cchc_iso.cycle_template_{LATE}"].due_on = self.today - timedelta(days=6)
