from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_public import PublicPages

from .common import CONTENT
from .test_evaluation_page import PublicCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestVoiceTour(PublicPages, PublicCase):
    """The ways of citizens and officers in Chromium."""

    browser_size = "1366x768"

    def _returned_now(self):
        dossier = self._ready()
        dossier.with_user(self.desk).action_return_result()
        return dossier

    def _slip_of(self, dossier):
        return self.env["cchc.evaluation"].search([("dossier_id", "=", dossier.id)])

    def test_citizen_evaluates_by_link(self):
        dossier = self._returned_now()
        criterion = self.env.ref("cchc_onestop.evaluation_criterion_dd")
        self._drive(
            f"/danh-gia/{self._invite(dossier)}",
            f"""
            await click("button[type=submit]");
            await find("#level-error");
            await click("input[name=level][value=very_satisfied]");
            await click("input[name=c{criterion.id}][value=satisfied]");
            await type("#comment", "Làm nhanh");
            await click("button[type=submit]");
            await find("#thanks");
            """,
        )
        slip = self._slip_of(dossier)
        self.assertEqual((slip.level, slip.comment), ("very_satisfied", "Làm nhanh"))
        self.assertEqual(slip.answer_ids.filtered("level").criterion_id, criterion)

    def test_citizen_evaluates_at_the_screen(self):
        typed, pushed = self._returned_now(), self._returned_now()
        kiosk = self.env["cchc.evaluation.kiosk"].create(
            {"name": "Quầy số 1", "company_id": self.commune.id}
        )
        action = kiosk.with_user(self.manager).action_new_address()
        link = action["context"]["default_link"]
        home = link[link.index("/danh-gia") :]
        self._drive(
            home,
            f"""
            // a scanner types the first line of the code on the receipt, then goes on
            await type("#code", "Mã hồ sơ: {typed.name}");
            const code = await find("#code");
            for (const key of ["Enter", "M", "Enter"]) {{
                const stroke = {{key, bubbles: true, cancelable: true}};
                if (code.dispatchEvent(new KeyboardEvent("keydown", stroke)))
                    throw new Error("typed: " + key);
            }}
            if (code.value !== "{typed.name}") throw new Error(code.value);
            await type("#digits", "5678");
            await click("button[type=submit]");
            await click("input[name=level][value=satisfied]");
            await click("button[type=submit]");
            await find("#thanks");
            // back to the welcome page by itself
            await find("#code");
            """,
        )
        self.assertEqual(self._slip_of(typed).kiosk_id, kiosk)
        self.start_tour(
            f"/odoo/cchc.dossier/{pushed.id}",
            "cchc_voice_desk_pushes",
            login=self.desk.login,
        )
        self.authenticate(None, None)
        self._drive(
            home,
            """
            await click("input[name=level][value=dissatisfied]");
            // who is not content sees the reasons at once
            await find("details[open]");
            await click("input[name=reason]");
            await click("button[type=submit]");
            await find("#thanks");
            """,
        )
        slip = self._slip_of(pushed)
        self.assertEqual((slip.level, slip.source), ("dissatisfied", "device"))
        self.assertTrue(slip.reason_ids)
        self.assertTrue(slip.followup_ids)

    def test_petition_from_the_page_to_the_page(self):
        home = f"/pakn/{self.commune.cchc_unit_code}"
        self._drive(
            home,
            f"""
            await type("#subject", "Hướng dẫn chưa rõ");
            await type("#content", "ngắn");
            await click("button[type=submit]");
            // beside each field, in the words of the page; nothing typed is lost
            await find("#kind-error");
            const page = frame.contentDocument;
            const said = () => [...page.querySelectorAll(".wrong")]
                .filter((place) => !place.hidden)
                .map((place) => place.id);
            const first = said().join();
            if (first !== "kind-error,content-error,name-error")
                throw new Error(first);
            if (page.getElementById("subject").value !== "Hướng dẫn chưa rõ")
                throw new Error("lost");
            await type("#kind", "attitude");
            await type("#content", "{CONTENT}");
            page.getElementById("content").dispatchEvent(
                new Event("change", {{bubbles: true}})
            );
            if (said().includes("content-error")) throw new Error("still said");
            await type("#name", "Nguyễn Văn An");
            await click("button[type=submit]");
            await find("#receipt");
            """,
        )
        petition = self.env["cchc.petition"].search([], limit=1, order="id desc")
        self.assertEqual(petition.subject, "Hướng dẫn chưa rõ")
        address = f"/odoo/cchc.petition/{petition.id}"
        for user, tour in (
            (self.officer, "cchc_voice_officer_answers"),
            (self.leader, "cchc_voice_leader_approves"),
            (self.officer, "cchc_voice_officer_publishes"),
        ):
            self.start_tour(address, tour, login=user.login)
        self.assertEqual(petition.state, "published")
        self.authenticate(None, None)
        self._drive(f"{home}/cong-khai", 'await find("article.card");')
