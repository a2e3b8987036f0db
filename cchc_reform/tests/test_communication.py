from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ReformCase


@freeze_time("2026-08-10 03:00:00")
@tagged("post_install", "-at_install")
class TestCommunication(ReformCase):
    """The communications log in two units, planned and done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["cchc.reform.communication"].with_user(cls.officer)
        cls.channel = {
            channel.key: channel
            for channel in cls.env["cchc.reform.channel"].search([])
        }

    def _entry(self, key, first=1, second=0, user=None, **values):
        return self.log.with_user(user or self.officer).create(
            {
                "channel_id": self.channel[key].id,
                "name": self.channel[key].name,
                "quantity1": first,
                "quantity2": second,
                **values,
            }
        )

    def test_channels_of_the_reports(self):
        self.assertEqual(len(self.channel), 12)
        broadcast = self.channel["broadcast"]
        self.assertEqual((broadcast.unit1, broadcast.unit2), ("buổi", "giờ"))

    def test_an_entry_takes_channel_and_title(self):
        plan = self._approve(
            self._new_plan("Phát thanh", plan_type="communication", name="KH TT 2026")
        )
        form = Form(self.log)
        form.channel_id = self.channel["broadcast"]
        form.name = "Dịch vụ công trực tuyến"
        form.quantity2 = 0.5
        entry = form.save()
        self.assertEqual(entry.plan_id, plan)
        self.assertEqual(str(entry.date), "2026-08-10")
        self.assertEqual((entry.quantity1, entry.minutes), (1, 30))
        self.assertEqual(entry.user_id, self.officer)
        self.assertEqual(entry.amount, "1 buổi, 0,5 giờ")

    def test_hours_are_kept_as_minutes(self):
        for _session in range(3):
            self._entry("broadcast", 1, 1 / 3)
        self.assertEqual(
            sum(self.log.search([("name", "like", "Phát thanh")]).mapped("minutes")), 60
        )

    def test_totals_of_kim_long(self):
        # 004_e3de190988cf87c0.txt: the printed totals of the year, from single entries
        plan = self._new_plan("Tuyên truyền", plan_type="communication", name="KH TT")
        for key, planned1, planned2 in (
            ("article", 30, 0),
            ("news", 260, 0),
            ("broadcast", 89, 72),
            ("banner", 0, 60),
        ):
            self.env["cchc.reform.communication.target"].with_user(self.officer).create(
                {
                    "plan_id": plan.id,
                    "channel_id": self.channel[key].id,
                    "planned1": planned1,
                    "planned2": planned2,
                }
            )
        self._approve(plan)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            plan.target_channel_ids[0].planned1 = 1
        values = {"plan_id": plan.id, "date": "2026-05-01"}
        for _number in range(29):
            self._entry("article", 1, **values)
        self._entry("article", 1, date="2026-08-01", plan_id=plan.id)
        self._entry("news", 200, **values)
        self._entry("news", 63, **values)
        self._entry("broadcast", 80, 64, **values)
        self._entry("broadcast", 9, 8, **values)
        self._entry("banner", 5, 50, **values)
        self._entry("panel", 2, 20, **values)
        totals = {
            channel.key: (first, second, minutes)
            for channel, first, second, minutes in self.log._read_group(
                [("plan_id", "=", plan.id)],
                ["channel_id"],
                ["quantity1:sum", "quantity2:sum", "minutes:sum"],
            )
        }
        self.assertEqual(totals["article"][0], 30)
        self.assertEqual(totals["news"][0], 263)
        self.assertEqual(totals["broadcast"], (89, 72, 72 * 60))
        self.assertEqual(totals["banner"][1], 50)
        self.assertEqual(totals["panel"][1], 20)
        targets = {row.channel_id.key: row for row in plan.target_channel_ids}
        self.assertTrue(targets["broadcast"].is_met)
        self.assertEqual(
            (targets["banner"].done2, targets["banner"].is_met), (50, False)
        )
        self.assertEqual((plan.channel_met_count, plan.channel_count), (3, 4))
        self.assertEqual(plan.communication_count, 36)
        stats = self.env["cchc.reform.communication.stat"].with_user(self.member)
        figures = ["planned:sum", "done:sum", "entry_count:sum"]
        own = [("plan_id", "=", plan.id)]
        stat = {
            (channel.key, unit): tuple(sums)
            for channel, unit, *sums in stats._read_group(
                own, ["channel_id", "unit"], figures
            )
        }
        broadcast = self.channel["broadcast"]
        sessions, hours = broadcast.unit1, broadcast.unit2
        self.assertEqual(stat["broadcast", sessions], (89, 89, 2))
        self.assertEqual(stat["broadcast", hours], (72, 72, 0))
        self.assertEqual(stat["news", self.channel["news"].unit1][:2], (260, 263))
        self.assertEqual(stat["panel", self.channel["panel"].unit2][:2], (0, 20))
        labels = dict(stats._read_group(own, ["label"], ["done:sum"]))
        self.assertEqual(labels["Phát thanh (loa truyền thanh): giờ"], 72)
        # sessions and hours are never added up
        by_channel = {
            channel.key: sums
            for channel, *sums in stats._read_group(own, ["channel_id"], figures)
        }
        self.assertEqual(by_channel["broadcast"], [False, False, 2])
        self.assertEqual(by_channel["news"][:2], [260, 263])
        self.assertEqual(stats._read_group(own, [], figures)[0][:2], (False, False))

    def test_what_counts_nothing(self):
        with self.assertRaisesRegex(ValidationError, "counts nothing"):
            self._entry("news", 0)
        with self.assertRaisesRegex(ValidationError, "in one unit only"):
            self._entry("news", 1, 5)
        with self.assertRaisesRegex(ValidationError, "lies in the future"):
            self._entry("news", date="2026-08-11")

    def test_what_a_leader_approved_stays(self):
        entry = self._entry("news", 3)
        with self.assertRaisesRegex(AccessError, "A leader approves"):
            entry.action_approve()
        with self.assertRaises(AccessError):
            entry.write({"is_approved": True})
        entry.with_user(self.chief).action_approve()
        self.assertEqual(entry.approved_by_id, self.chief)
        with self.assertRaisesRegex(UserError, "is approved and stays"):
            entry.quantity1 = 300
        with self.assertRaisesRegex(UserError, "is approved and stays"):
            entry.unlink()
        entry.with_user(self.chief).action_withdraw_approval()
        entry.quantity1 = 4

    def test_everybody_enters_and_changes_what_he_entered(self):
        photo = self.env["ir.attachment"].with_user(self.member)
        photo = photo.create({"name": "anh.jpg", "raw": b"jpg"})
        mine = self._entry("meeting", 1, 40, self.member, attachment_ids=[photo.id])
        mine.quantity2 = 45
        self.assertEqual(photo.with_user(self.chief).raw, b"jpg")
        with self.assertRaises(AccessError):
            mine.with_user(self.stranger).quantity2 = 50
        mine.with_user(self.officer).quantity2 = 50
        other = self._new_reform_user("far", "group_officer", company=self.neighbour)
        self.assertFalse(self.log.with_user(other).search([("id", "=", mine.id)]))
        self.assertFalse(
            self.env["cchc.reform.communication.stat"]
            .with_user(other)
            .search([("company_id", "=", self.commune.id)])
        )
