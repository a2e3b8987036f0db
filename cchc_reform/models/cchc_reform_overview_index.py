from odoo import api, models
from odoo.tools import formatLang

#: Until when of its round an agency has its turn, by the state of its assessment.
_OWN_DAYS = {
    "draft": "deadline_self",
    "self_scored": "deadline_self",
    "appraised_1": "deadline_explain",
}


class CchcReformOverview(models.AbstractModel):
    """The index on the leader's page: what the year comes to, against last year."""

    _inherit = "cchc.reform.overview"

    @api.model
    def _tiles_mine(self, company):
        """Add what an assessment waits for: of the agency, or of its superior."""
        model = "cchc.index.assessment"
        own = [("company_id", "=", company.id), ("superior_id", "!=", company.id)]
        tiles = super()._tiles_mine(company)
        if self.env.user.has_group("cchc_reform.group_officer"):
            tiles += [
                self._tile(
                    "index_send",
                    self.env._("Self-Scores to Send In"),
                    model,
                    [*own, ("state", "=", "self_scored")],
                    "warning",
                ),
                self._tile(
                    "index_explain",
                    self.env._("Appraisals to Explain"),
                    model,
                    [*own, ("state", "=", "appraised_1")],
                    "warning",
                ),
            ]
        if self.env.user.has_group("cchc_reform.group_appraiser"):
            tiles.append(
                self._tile(
                    "index_appraise",
                    self.env._("Self-Scores to Appraise"),
                    model,
                    [
                        ("superior_id", "=", company.id),
                        ("company_id", "!=", company.id),
                        ("state", "in", ("submitted", "explained")),
                    ],
                    "warning",
                )
            )
        return tiles

    @api.model
    def _open_rounds(self, company):
        """Return the rounds in which the agency appraises others."""
        rounds = self.env["cchc.index.round"]
        if not rounds.has_access("read"):
            return rounds
        return rounds.search(
            [("company_id", "=", company.id), ("state", "=", "open")]
        ).filtered(lambda record: record.sudo().assessment_ids.company_id - company)

    @api.model
    def _appraises_others(self, company):
        rounds = self.env["cchc.index.round"]
        return rounds.has_access("read") and bool(
            rounds.search_count([("company_id", "=", company.id)], limit=1)
        )

    @api.model
    def _round_tiles(self, rounds):
        """Return how far rounds are: what was sent in, what is appraised."""
        tiles = []
        for record in rounds:
            action = {"res_model": record._name, "res_id": record.id}
            for key, label, count in (
                ("sent", self.env._("Sent In, %s", record.year), record.sent_count),
                (
                    "done",
                    self.env._("Appraised Twice, %s", record.year),
                    record.appraised_count,
                ),
            ):
                tiles.append(
                    self._figure(
                        f"round_{key}_{record.id}",
                        label,
                        f"{count}/{record.assessment_count}",
                        "success" if count == record.assessment_count else "primary",
                        note=record.name,
                        action=action,
                    )
                )
        return tiles

    @api.model
    def _deadlines(self, company, today, until):
        """Add the days of rounds: of the superior all, of an agency those it keeps."""
        rows = super()._deadlines(company, today, until)
        if not self.env["cchc.index.assessment"].has_access("read"):
            return rows
        due = [
            (record, record, name)
            for record in self._open_rounds(company)
            for name in (
                "deadline_self",
                "deadline_appraise_1",
                "deadline_explain",
                "deadline_appraise_2",
            )
        ]
        due += [
            (found, found.round_id, _OWN_DAYS[found.state])
            for found in self.env["cchc.index.assessment"].search(
                [
                    ("company_id", "=", company.id),
                    ("superior_id", "!=", company.id),
                    ("state", "in", list(_OWN_DAYS)),
                ]
            )
        ]
        for record, owner, name in due:
            owner = owner.sudo()
            if owner[name] and today <= owner[name] <= until:
                row = self._deadline(
                    record,
                    owner[name],
                    self.env._("Index Scoring"),
                    owner._label(name),
                )
                rows.append({**row, "key": f"{row['key']}_{name}"})
        return rows

    @api.model
    def _block_index(self, company):
        """How the last assessment of the agency stands, and the rounds it opened;
        “no assessment yet” without either."""
        assessments = self.env["cchc.index.assessment"]
        found = assessments._forecast(company)
        title = self.env._("PAR Index")
        rounds = self._round_tiles(self._open_rounds(company))
        if not found and (rounds or self._appraises_others(company)):
            return self._block("index", title, "tiles", rounds)
        if not found:
            tile = self._figure(
                "index_none",
                self.env._("Forecast"),
                self.env._("No assessment yet"),
                "muted",
                action=self._list(
                    title, assessments._name, [("company_id", "=", company.id)]
                ),
            )
            return self._block("index", title, "tiles", [tile])
        action = {"res_model": assessments._name, "res_id": found["assessment"].id}
        published = found["state"] == "published"
        previous = found["previous"]
        tiles = [
            self._figure(
                "index_forecast",
                self.env._("Result of %s", found["year"])
                if published
                else self.env._("Forecast of %s", found["year"]),
                self._points(found["forecast"]),
                "primary"
                if previous is None
                else "success"
                if found["forecast"] >= previous
                else "danger",
                note=self._against(found),
                action=action,
            ),
            self._figure(
                "index_score",
                self.env._("Scored so Far"),
                self._points(found["score"]),
                "primary",
                note=self.env._("out of %s", self._points(found["maximum"])),
                action=action,
            ),
        ]
        if found["unfilled"]:
            tiles.append(
                self._figure(
                    "index_unfilled",
                    self.env._("Criteria Not Scored Yet"),
                    found["unfilled"],
                    "warning",
                    action=self._list(
                        self.env._("Criteria Not Scored Yet"),
                        "cchc.index.assessment.line",
                        [
                            ("assessment_id", "=", found["assessment"].id),
                            ("is_leaf", "=", True),
                            ("is_filled", "=", False),
                        ],
                    ),
                )
            )
        if found["rank"]:
            tiles.append(
                self._figure(
                    "index_rank",
                    self.env._("Rank"),
                    found["rank"],
                    "primary",
                    action=action,
                )
            )
        return self._block("index", title, "tiles", tiles + rounds)

    @api.model
    def _agency_notes(self, agencies):
        """Tell the last published index of each agency and how it changed."""
        notes = super()._agency_notes(agencies)
        assessments = self.env["cchc.index.assessment"]
        if not assessments.has_access("read"):
            return notes
        published = assessments.search(
            [("company_id", "in", agencies.ids), ("state", "=", "published")],
            order="year desc, id desc",
        )
        for agency, found in published.grouped("company_id").items():
            notes.setdefault(agency.id, []).insert(0, self._index_note(found))
        return notes

    @api.model
    def _index_note(self, published):
        """Return the note of the last of these assessments, which stand latest first.

        Points out of another maximum are not compared.
        """
        last = published[0]
        before = published.filtered(lambda record: record.year < last.year)[:1]
        text = self.env._(
            "Index %(year)s: %(points)s",
            year=last.year,
            points=self._points(last.final_total),
        )
        change = 0
        if before and before.maximum == last.maximum:
            change = last.final_total - before.final_total
            text += f" ({self._change(change, before.year)})"
        if last.rank:
            text += ", " + self.env._("place %s", last.rank_text)
        return {
            "text": text,
            "danger": change < 0,
            "action": {"res_model": last._name, "res_id": last.id},
        }

    @api.model
    def _points(self, value):
        return formatLang(self.env, value, digits=2)

    @api.model
    def _against(self, found):
        """Return how the forecast stands to the year before, in words."""
        if found["previous"] is None:
            return self.env._("No earlier year to compare with")
        return self._change(
            found["forecast"] - found["previous"], found["previous_year"]
        )

    @api.model
    def _change(self, change, year):
        return self.env._(
            "%(change)s against %(year)s",
            change=f"{'+' if change > 0 else ''}{self._points(change)}",
            year=year,
        )
