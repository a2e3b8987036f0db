from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.scoring import ZERO, exact, rounded

#: Shares of the answers of the usual questionnaire.
OPTIONS = (
    ("A. Rất hài lòng", 100),
    ("B. Hài lòng", 60),
    ("C. Bình thường", 20),
    ("D. Không hài lòng", 0),
)
RESPONDENTS = [
    ("citizen", "Citizens"),
    ("enterprise", "Businesses"),
    ("official", "Officials"),
    ("leader", "Leaders"),
    ("council", "Councils and Unions"),
    ("other", "Others"),
]


class CchcIndexSurvey(models.Model):
    """A questionnaire whose answers score a criterion, or stand beside the criteria.

    Each group of respondents has its own, with a weight. The result is the mean of the
    shares that the answers give (A 100 %, B 60 %, C 20 %, D 0 %).
    """

    _name = "cchc.index.survey"
    _description = "Survey for an Index"
    _order = "assessment_id desc, id"

    assessment_id = fields.Many2one(
        "cchc.index.assessment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="assessment_id.company_id", store=True)
    set_id = fields.Many2one(related="assessment_id.set_id")
    criterion_id = fields.Many2one(
        "cchc.index.criterion",
        compute="_compute_criterion_id",
        store=True,
        readonly=False,
        domain="[('set_id', '=', set_id), ('rule', '=', 'survey')]",
        ondelete="restrict",
        help="Empty: the survey stands beside the criteria, with its own weight",
    )
    respondent = fields.Selection(
        RESPONDENTS, "Respondents", required=True, default="citizen"
    )
    weight = fields.Float(default=1, digits=(16, 4), required=True)
    survey_id = fields.Many2one(
        "survey.survey", "Questionnaire", ondelete="restrict", index=True
    )
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    wanted = fields.Integer("Answers Wanted", help="Size of the sample")
    answer_count = fields.Integer("Answers", readonly=True)
    percent = fields.Float("Result (%)", digits=(16, 4), readonly=True)
    counted_at = fields.Datetime("Counted on", readonly=True)
    url = fields.Char("Link to the Questionnaire", compute="_compute_url")

    _weight = models.Constraint("CHECK (weight > 0)", "A weight is above 0.")

    @api.depends("assessment_id")
    def _compute_criterion_id(self):
        for record in self:
            own = record.set_id.criterion_ids
            if not record.set_id.survey_weight:
                record.criterion_id = own.filtered(lambda c: c.rule == "survey")[:1]
            else:
                record.criterion_id = False

    def _compute_display_name(self):
        labels = dict(self._fields["respondent"]._description_selection(self.env))
        for record in self:
            record.display_name = " - ".join(
                filter(
                    None,
                    [record.assessment_id.name, labels.get(record.respondent)],
                )
            )

    @api.depends("survey_id")
    def _compute_url(self):
        for record in self:
            survey = record.survey_id.sudo()
            record.url = survey.get_start_url() if survey else False
            if record.url and not record.url.startswith("http"):
                record.url = f"{survey.get_base_url()}{record.url}"

    def action_make_questionnaire(self):
        """Make a questionnaire with the usual questions, to be adapted."""
        for record in self:
            record.assessment_id._check_person("agency")
            if record.survey_id:
                continue
            record.survey_id = (
                self.env["survey.survey"].sudo().create(record._survey_vals())
            )
        return True

    def _survey_vals(self):
        labels = dict(self._fields["respondent"]._description_selection(self.env))
        questions = (
            "Tiếp cận dịch vụ hành chính công",
            "Thủ tục hành chính",
            "Công chức trực tiếp giải quyết công việc",
            "Kết quả cung ứng dịch vụ",
            "Tiếp nhận và xử lý góp ý, phản ánh, kiến nghị",
        )
        return {
            "title": f"{self.assessment_id.name} - {labels[self.respondent]}",
            # what those read who are asked, in the language of the questions
            "description": Markup(
                "<p>%s trân trọng đề nghị Ông/Bà cho ý kiến để phục vụ tốt hơn. "
                "Phiếu không ghi tên người trả lời, chỉ mất khoảng một phút.</p>"
            )
            % self.assessment_id.company_id.name,
            "user_id": False,
            # Odoo's surveys belong to no agency: only its own officers adapt them
            "restrict_user_ids": [Command.set(self._officers().ids)],
            "access_mode": "public",
            "question_and_page_ids": [
                Command.create(
                    {
                        "title": title,
                        "question_type": "simple_choice",
                        "constr_mandatory": True,
                        "sequence": number,
                        "suggested_answer_ids": [
                            Command.create(
                                {
                                    "value": name,
                                    "sequence": place,
                                    "cchc_counts": True,
                                    "cchc_share": share,
                                }
                            )
                            for place, (name, share) in enumerate(OPTIONS)
                        ],
                    }
                )
                for number, title in enumerate(questions)
            ],
        }

    def _officers(self):
        """Return the reform officers of the agency that asks."""
        self.ensure_one()
        officers = self.env.ref("cchc_reform.group_officer").sudo().all_user_ids
        return officers.filtered(
            lambda user: self.assessment_id.company_id in user.company_ids
        )

    def action_edit_questions(self):
        """Open the questionnaire to adapt its questions."""
        self.ensure_one()
        self.assessment_id._check_person("agency")
        survey = self.survey_id
        if survey.sudo().restrict_user_ids:
            # officers who came after it was made adapt it, too
            survey.sudo().restrict_user_ids |= self._officers()
        return survey._get_records_action()

    def action_questionnaire(self):
        """Open the page of the questionnaire as those see it who answer."""
        self.ensure_one()
        if not self.url:
            raise UserError(self.env._("Make or choose a questionnaire first."))
        return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}

    def action_count(self):
        """Count the answers and score with them what they are for."""
        for record in self:
            record._count()
        for assessment, rows in self.grouped("assessment_id").items():
            for criterion in rows.criterion_id:
                assessment._take_survey(criterion)
            if rows.filtered(lambda row: not row.criterion_id):
                assessment._take_survey(self.env["cchc.index.criterion"])
        return True

    def _count(self):
        """Work out the share that finished answers give, in one statement."""
        self.ensure_one()
        if not self.survey_id:
            raise UserError(self.env._("Make or choose a questionnaire first."))
        domain = [
            ("survey_id", "=", self.survey_id.id),
            ("user_input_id.state", "=", "done"),
            ("user_input_id.test_entry", "=", False),
            ("suggested_answer_id.cchc_counts", "=", True),
        ]
        if self.date_from:
            domain.append(("user_input_id.create_date", ">=", self.date_from))
        if self.date_to:
            after = fields.Date.add(self.date_to, days=1)
            domain.append(("user_input_id.create_date", "<", after))
        lines = self.env["survey.user_input.line"].sudo()
        groups = lines._read_group(domain, ["suggested_answer_id"], ["__count"])
        total = sum(
            (exact(answer.cchc_share) * count for answer, count in groups), ZERO
        )
        answers = sum(count for _answer, count in groups)
        people = lines._read_group(domain, [], ["user_input_id:count_distinct"])
        self.write(
            {
                "percent": float(rounded(total / answers, 4)) if answers else 0.0,
                "answer_count": people[0][0],
                "counted_at": fields.Datetime.now(),
            }
        )
