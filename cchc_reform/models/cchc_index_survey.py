from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.scoring import ZERO, exact, rounded

#: Shares of the answers of the usual questionnaire.
OPTIONS = (
    ("Rất hài lòng", 100),
    ("Hài lòng", 60),
    ("Bình thường", 20),
    ("Không hài lòng", 0),
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
    shares that the answers give (100 %, 60 %, 20 % and 0 % as it comes).
    """

    _name = "cchc.index.survey"
    _description = "Survey for an Index"
    _order = "assessment_id desc, id"

    assessment_id = fields.Many2one(
        "cchc.index.assessment",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self._default_assessment_id(),
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

    def _default_assessment_id(self):
        """Return the self-score that the agency works on, where there is one."""
        return self.env["cchc.index.assessment"]._current(
            self.env.company, [("state", "=", "draft")]
        )

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
        assessment = self.assessment_id
        return {
            # what is asked, by whom: who answers knows nothing of an index
            "title": f"Khảo sát mức độ hài lòng năm {assessment.year} - "
            f"{assessment.company_id.name} ({labels[self.respondent]})",
            "survey_type": "survey",
            # five questions on one page are answered sooner than on five
            "questions_layout": "one_page",
            # what those read who are asked, in the language of the questions
            "description": Markup(
                "<p>%s trân trọng đề nghị Ông/Bà cho biết mức độ hài lòng về từng nội "
                "dung để phục vụ tốt hơn. Phiếu không ghi tên người trả lời, chỉ mất "
                "khoảng một phút.</p>"
            )
            % assessment.company_id.name,
            "description_done": Markup("<p>%s trân trọng cảm ơn Ông/Bà.</p>")
            % assessment.company_id.name,
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

    def action_answers(self):
        """List the answers that count, each with what was answered."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "survey.action_survey_user_input"
        )
        action.update(
            name=self.env._("Answers"),
            display_name=self.env._("Answers"),
            domain=self._answers_domain(),
            context={"create": False},
        )
        return action

    def action_results(self):
        """Open the page that shows how each question was answered."""
        self.ensure_one()
        if not self.survey_id:
            raise UserError(self.env._("Make or choose a questionnaire first."))
        return self.survey_id.action_result_survey()

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

    def _answers_domain(self):
        """Return which answers count: finished, no trial, in the period."""
        domain = [
            ("survey_id", "=", self.survey_id.id),
            ("state", "=", "done"),
            ("test_entry", "=", False),
        ]
        if self.date_from:
            domain.append(("create_date", ">=", self.date_from))
        if self.date_to:
            after = fields.Date.add(self.date_to, days=1)
            domain.append(("create_date", "<", after))
        return domain

    def _count(self):
        """Work out the share that finished answers give, in one statement."""
        self.ensure_one()
        if not self.survey_id:
            raise UserError(self.env._("Make or choose a questionnaire first."))
        domain = [
            ("user_input_id", "any", self._answers_domain()),
            ("suggested_answer_id.cchc_counts", "=", True),
        ]
        lines = self.env["survey.user_input.line"].sudo()
        groups = lines._read_group(domain, ["suggested_answer_id"], ["__count"])
        total = sum(
            (exact(answer.cchc_share) * count for answer, count in groups), ZERO
        )
        answers = sum(count for _answer, count in groups)
        people = lines._read_group(domain, [], ["user_input_id:count_distinct"])
        if not answers:
            raise UserError(
                self.env._(
                    "“%s”: nobody has answered in this period yet; send the link to "
                    "those who are asked.",
                    self.display_name,
                )
            )
        self.write(
            {
                "percent": float(rounded(total / answers, 4)),
                "answer_count": people[0][0],
                "counted_at": fields.Datetime.now(),
            }
        )
