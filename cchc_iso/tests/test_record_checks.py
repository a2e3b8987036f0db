from copy import deepcopy

from odoo.tests import BaseCase, tagged

from ..models.cchc_iso_sample_check import SENTENCES
from ..tools import record_checks
from .record_data import WORLD, record, steps


@tagged("post_install", "-at_install")
class TestRecordChecks(BaseCase):
    """What a process record proposes to each question of an auditor."""

    def _says(self, code, outcome, keys, data=None, world=None):
        said = record_checks.propose(code, data or record(), world or WORLD)
        self.assertEqual(
            (said.outcome, [key for key, _values in said.facts]), (outcome, keys)
        )
        for key, values in said.facts:
            # each sentence has the values that it names
            self.assertTrue(str(SENTENCES[key]._source) % values)
        return [values for _key, values in said.facts]

    def test_a_good_record_meets_everything(self):
        for code in record_checks.CHECKS:
            with self.subTest(code=code):
                said = record_checks.propose(code, record(), WORLD)
                self.assertEqual(said.outcome, "met", said)
                self.assertTrue(said.facts)

    def test_without_a_record_nothing_can_be_said(self):
        for code in record_checks.CHECKS:
            said = record_checks.propose(code, None, WORLD)
            self.assertEqual(said, ("unknown", [("no_record", {})]))

    def test_an_unknown_check_proposes_nothing(self):
        self.assertIsNone(record_checks.propose("weather", record()))

    def test_no_check_changes_the_record(self):
        data = record()
        for code in record_checks.CHECKS:
            record_checks.propose(code, data, WORLD)
        self.assertEqual(data, record())

    def test_the_issue_in_force_at_reception(self):
        values = self._says("right_issue", "met", ["right_issue"])
        self.assertEqual(values[0]["day"], "04/05/2026")
        issue = record()["process"]["issue"]
        self._says(
            "right_issue",
            "not_met",
            ["issue_later"],
            record(process={"issue": {**issue, "effective_from": "2026-05-05"}}),
        )
        self._says(
            "right_issue", "unknown", ["no_issue"], record(process={"issue": None})
        )
        self._says(
            "right_issue",
            "not_met",
            ["process_later"],
            record(process={"valid_from": "2026-06-01"}),
        )
        data = record()
        data["process"] = None
        self._says("right_issue", "not_met", ["no_process"], data)

    def test_the_day_of_reception_is_that_of_the_agency(self):
        # 22:30 UTC on the 4th is half past five on the 5th in Việt Nam
        issue = record()["process"]["issue"]
        data = record(
            dossier={"clock_start_at": "2026-05-04T22:30:00Z"},
            process={"issue": {**issue, "effective_from": "2026-05-05"}},
        )
        self._says("right_issue", "met", ["right_issue"], data)

    def test_parts(self):
        parts = deepcopy(record()["documents"])
        parts[0]["received"] = False
        values = self._says(
            "parts_complete", "not_met", ["part_missing"], record(documents=parts)
        )
        self.assertEqual(values[0]["name"], "Tờ khai")
        self._says("parts_complete", "unknown", ["no_parts"], record(documents=[]))

    def test_receipt(self):
        paper = record()["papers"][0]
        self._says("receipt_slip", "not_met", ["no_receipt"], record(papers=[]))
        void = [{**paper, "state": "void"}]
        self._says("receipt_slip", "not_met", ["no_receipt"], record(papers=void))
        taken = record(papers=[], dossier={"taken_over": True})
        self._says("receipt_slip", "unknown", ["taken_over"], taken)

    def test_order_of_the_steps(self):
        self._says(
            "steps_in_order",
            "not_met",
            ["step_out_of_order"],
            record(steps=steps(3, in_order=False)),
        )
        self._says(
            "steps_in_order",
            "not_met",
            ["step_not_done"],
            record(steps=steps(2, state="waiting")),
        )
        self._says(
            "steps_in_order",
            "met",
            ["steps_done", "step_skipped"],
            record(steps=steps(2, state="skipped")),
        )
        # not collected yet: the return is still to come
        waiting = record(steps=steps(4, state="current"), dossier={"returned_at": None})
        self._says("steps_in_order", "met", ["steps_done"], waiting)
        broken_off = record(
            steps=steps(3, state="waiting"), dossier={"state": "withdrawn"}
        )
        self._says("steps_in_order", "met", ["steps_done"], broken_off)
        self._says("steps_in_order", "unknown", ["no_steps"], record(steps=[]))

    def test_time_of_the_steps(self):
        late = steps(3, late=True, late_minutes=95, actual_minutes=215)
        values = self._says("step_times", "not_met", ["step_late"], record(steps=late))
        self.assertEqual(
            values[0],
            {"no": 3, "name": "Ký duyệt", "late": 95, "planned": 120, "actual": 215},
        )
        unmeasured = steps(3, late=True, late_minutes=None)
        self._says(
            "step_times",
            "not_met",
            ["step_late_unmeasured"],
            record(steps=unmeasured),
        )
        blind = [
            {**step, "actual_minutes": None, "due_at": None, "late_minutes": None}
            for step in record()["steps"]
        ]
        self._says("step_times", "unknown", ["steps_unmeasured"], record(steps=blind))

    def test_people(self):
        values = self._says(
            "right_person",
            "not_met",
            ["wrong_person"],
            record(steps=steps(2, right_person=False)),
        )
        self.assertEqual((values[0]["who"], values[0]["wanted"]), ("Handler",) * 2)
        self._says(
            "right_person",
            "unknown",
            ["person_unknown"],
            record(steps=steps(2, right_person=None, candidates=[])),
        )
        both = steps(2, right_person=None)
        both[2]["right_person"] = False
        self._says(
            "right_person",
            "not_met",
            ["wrong_person", "person_unknown"],
            record(steps=both),
        )

    def test_total_time(self):
        late = {
            "ended_at": "2026-05-08T01:00:00Z",
            "timeliness": "late",
            "late_reason": "Thiếu người",
        }
        self._says(
            "total_time",
            "not_met",
            ["total_late", "late_reason", "statutory_late"],
            record(dossier=late),
        )
        put_off = {
            "late_at": "2026-05-07T01:00:00Z",
            "due_at": "2026-05-12T01:00:00Z",
            "statutory_due_at": None,
        }
        self._says("total_time", "not_met", ["late_before"], record(dossier=put_off))
        self._says(
            "total_time", "unknown", ["no_due"], record(dossier={"due_at": None})
        )

    def test_supplement(self):
        self._says("supplement", "met", ["no_supplement"])
        stop = {
            "kind": "supplement",
            "from": "2026-05-04T03:00:00Z",
            "to": "2026-05-05T03:00:00Z",
        }
        paper = {
            "form": "02",
            "number": "1/BS",
            "issued_at": "2026-05-04T03:00:00Z",
            "sha256": "x",
            "state": "issued",
        }
        once = {"dossier": {"supplement_count": 1}, "papers": [paper]}
        values = self._says(
            "supplement", "met", ["supplement_stop"], record(pauses=[stop], **once)
        )
        self.assertEqual(values[0]["from"], "10:00 04/05/2026")
        self._says(
            "supplement",
            "not_met",
            ["no_clock_stop"],
            record(pauses=[], **once),
        )
        self._says(
            "supplement",
            "not_met",
            ["no_supplement_paper"],
            record(pauses=[stop], dossier={"supplement_count": 1}),
        )
        twice = record(pauses=[stop, stop], papers=[paper, paper])
        self._says("supplement", "not_met", ["supplement_often"], twice)

    def test_apology(self):
        late = {"timeliness": "late"}
        self._says("apology_slip", "not_met", ["no_apology"], record(dossier=late))
        paper = {**record()["papers"][0], "form": "04", "number": "3/XL"}
        self._says(
            "apology_slip", "met", ["apology"], record(dossier=late, papers=[paper])
        )
        taken = record(dossier={**late, "taken_over": True})
        self._says("apology_slip", "unknown", ["taken_over"], taken)

    def test_signature(self):
        self._says(
            "result_signed",
            "not_met",
            ["unsigned"],
            record(result={"signed_at": None, "signed_by": None}),
        )
        self._says(
            "result_signed",
            "not_met",
            ["signer_wrong"],
            record(steps=steps(3, right_person=False)),
        )
        self._says(
            "result_signed",
            "unknown",
            ["signer_unknown"],
            record(steps=steps(3, right_person=None)),
        )
        self._says(
            "result_signed",
            "met",
            ["no_result"],
            record(dossier={"state": "stopped"}),
        )

    def test_return(self):
        late = {"ended_at": "2026-05-08T01:00:00Z"}
        self._says("returned_in_time", "not_met", ["ready_late"], record(dossier=late))
        self._says(
            "returned_in_time",
            "met",
            ["collected_later"],
            record(dossier={"returned_at": "2026-06-01T01:00:00Z"}),
        )
        self._says(
            "returned_in_time",
            "unknown",
            ["not_collected"],
            record(dossier={"returned_at": None}),
        )

    def test_fees(self):
        fee = record()["fees"][0]

        def fees(**values):
            return record(fees=[{**fee, **values}])

        self._says("fee_right", "met", ["no_fee"], record(fees=[]))
        self._says("fee_right", "met", ["fees_right"], fees(paid=0, waived=8000))
        self._says("fee_right", "not_met", ["fee_less"], fees(paid=5000))
        self._says("fee_right", "not_met", ["fee_more"], fees(paid=9000))
        self._says("fee_right", "not_met", ["no_fee_receipt"], fees(receipts=[]))
        cancelled = [{"number": "7", "state": "cancelled"}]
        self._says("fee_right", "not_met", ["no_fee_receipt"], fees(receipts=cancelled))
        self._says("fee_right", "unknown", ["fee_unstated"], fees(stated=False))

    def test_kept(self):
        paper = {**record()["papers"][0], "sha256": None}
        self._says("records_kept", "not_met", ["paper_unkept"], record(papers=[paper]))
        self._says(
            "records_kept",
            "unknown",
            ["no_retention"],
            record(retention={"rule": "", "until": None}),
        )
        self._says(
            "records_kept",
            "met",
            ["kept_forever"],
            record(retention={"until": None}),
        )

    def test_ledger(self):
        ledger = WORLD["ledger"]
        for values, keys in (
            ({"broken_line": 3}, ["ledger_broken"]),
            ({"hash": "00"}, ["ledger_differs"]),
            ({"ended_at": "2026-05-04T02:00:00Z"}, ["date_differs"]),
        ):
            world = {**WORLD, "ledger": {**ledger, **values}}
            self._says("ledger_consistent", "not_met", keys, world=world)
        world = {**WORLD, "ledger": None}
        self._says("ledger_consistent", "unknown", ["no_ledger"], world=world)
