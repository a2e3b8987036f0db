from odoo import Command

from .common import ReformCase


class IndexCase(ReformCase):
    """The commune, its neighbour and their province, with a small set of criteria.

    ``appraiser`` works for the province; the set has 20 points: a ratio with
    thresholds (6), yes or no (4), a ratio that may not apply (4), parts (2), a
    deduction (2), a survey (2), and a bonus of 1 beside.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.appraiser = cls._new_reform_user(
            "appraiser", "group_appraiser", "group_officer", company=cls.province
        )
        cls.neighbour_officer = cls._new_reform_user(
            "neighbour_officer", "group_officer", company=cls.neighbour
        )
        cls.neighbour_chief = cls._new_reform_user(
            "neighbour_chief", "group_leader", company=cls.neighbour
        )
        cls.set = cls._new_set()

    @classmethod
    def _set_up_one_stop(cls):
        """An index needs no dossiers."""

    @classmethod
    def _new_set(cls, **values):
        criteria = cls.env["cchc.index.criterion"]
        record = cls.env["cchc.index.set"].create(
            {
                "name": "Bộ chỉ số thử",
                "code": "THU",
                "company_id": cls.province.id,
                "decision_number": "1/QĐ-UBND",
                "decision_date": "2026-01-05",
                "year_from": 2025,
                "total": 20,
                "class_ids": [
                    Command.create({"name": "Tốt", "threshold": 80}),
                    Command.create({"name": "Khá", "threshold": 60}),
                    Command.create({"name": "Trung bình", "threshold": 0}),
                ],
                **values,
            }
        )
        cls.area_node = {}
        for code, name, maximum in (("I", "Chỉ đạo", 16), ("II", "Tác động", 4)):
            cls.area_node[code] = criteria.create(
                {
                    "set_id": record.id,
                    "code": code,
                    "name": name,
                    "maximum": maximum,
                }
            )
        rows = (
            ("I", "I.1", "Hoàn thành kế hoạch", 6, "ratio_threshold", {}),
            ("I", "I.2", "Ban hành kế hoạch", 4, "boolean", {"evidence_hint": "KH"}),
            ("I", "I.3", "Xử lý kiến nghị", 4, "ratio", {"na_allowed": True}),
            (
                "I",
                "I.4",
                "Tuyên truyền",
                2,
                "per_item",
                {
                    "item_ids": [
                        Command.create({"name": "Bảng tin", "points": 0.5, "limit": 2}),
                        Command.create({"name": "Mạng xã hội", "points": 0.5}),
                    ]
                },
            ),
            (
                "II",
                "II.1",
                "Kỷ luật",
                2,
                "penalty",
                {"item_ids": [Command.create({"name": "Vi phạm", "points": 0.5})]},
            ),
            ("II", "II.2", "Hài lòng", 2, "survey", {}),
            (
                "II",
                "II.3",
                "Điểm cộng",
                1,
                "bonus",
                {"item_ids": [Command.create({"name": "Sáng kiến", "points": 0.5})]},
            ),
        )
        for number, (area, code, name, maximum, rule, extra) in enumerate(rows):
            criteria.create(
                {
                    "set_id": record.id,
                    "parent_id": cls.area_node[area].id,
                    "sequence": 10 * (number + 1),
                    "code": code,
                    "name": name,
                    "maximum": maximum,
                    "rule": rule,
                    **extra,
                }
            )
        return record

    @classmethod
    def _new_assessment(cls, year=2026, company=None, user=None):
        if cls.set.state == "draft":
            cls.set.action_publish()
        return (
            cls.env["cchc.index.assessment"]
            .with_user(user or cls.officer)
            .create(
                {
                    "company_id": (company or cls.commune).id,
                    "set_id": cls.set.id,
                    "year": year,
                }
            )
        )

    @classmethod
    def _new_round(cls, companies=None, **values):
        if cls.set.state == "draft":
            cls.set.action_publish()
        companies = companies or cls.commune | cls.neighbour
        group = (
            cls.env["cchc.index.group"]
            .with_user(cls.appraiser)
            .create(
                {
                    "name": "Xã",
                    "company_id": cls.province.id,
                    "member_ids": [Command.set(companies.ids)],
                }
            )
        )
        record = (
            cls.env["cchc.index.round"]
            .with_user(cls.appraiser)
            .create(
                {
                    "name": "Chấm điểm năm 2026",
                    "company_id": cls.province.id,
                    "year": 2026,
                    "set_id": cls.set.id,
                    "group_ids": [Command.set(group.ids)],
                    "date_from": "2026-09-01",
                    **values,
                }
            )
        )
        record.action_open_round()
        return record

    def _line(self, assessment, code):
        return assessment.line_ids.filtered(lambda line: line.code == code)

    def _fill(self, assessment, **entries):
        """Score everything; ``entries`` by code with ``_`` for the dots."""
        usual = {
            "I_1": "100/100",
            "I_2": "có",
            "I_3": "8/8",
            "I_4": "2; 2",
            "II_1": "0",
            "II_2": "100",
            "II_3": "0",
        }
        for code, text in {**usual, **entries}.items():
            line = self._line(assessment, code.replace("_", "."))
            line.write({"entry": text, "evidence_note": "Sổ theo dõi"})

    def _approve_and_send(self, assessment, officer=None, chief=None):
        assessment.with_user(officer or self.officer).action_submit()
        assessment.with_user(chief or self.chief).validate_tier()
        assessment.with_user(officer or self.officer).action_send()
