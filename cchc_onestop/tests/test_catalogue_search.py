from odoo.tests import tagged

from .common_catalogue import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueSearch(CatalogueCase):
    """Officers find a procedure however they type it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.birth = cls._new_procedure(
            "9.930001", "Đăng ký khai sinh thử", keywords="trẻ sơ sinh, giấy ks"
        )
        cls.copy = cls._new_procedure("9.930002.H49", "Cấp bản sao khai sinh thử")
        cls.marriage = cls._new_procedure("9.930003", "Đăng ký kết hôn thử 100%")

    def _find(self, text, operator="ilike"):
        found = (
            self.env["cchc.procedure"]
            .with_user(self.reader)
            .name_search(text, [("sector_id", "=", self.sector.id)], operator)
        )
        return {key for key, _name in found}

    def test_accents_case_and_order_do_not_count(self):
        both = {self.birth.id, self.copy.id}
        for text in ("khai sinh", "KHAI SINH", "Khai Sinh", "sinh khai", "khái sính"):
            with self.subTest(text=text):
                self.assertEqual(self._find(text), both)
        for text in (
            "dang ky khai sinh",
            "ĐĂNG KÝ KHAI SINH",
            "khai sinh dang ky",
            "9.930001",
            "930001",
            "so sinh",
            "Trẻ",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._find(text), {self.birth.id})

    def test_exact_names_and_codes(self):
        self.assertEqual(self._find("Đăng ký khai sinh thử", "="), {self.birth.id})
        self.assertEqual(self._find("9.930002", "="), {self.copy.id})
        self.assertEqual(self._find("9.930002.H38", "="), {self.copy.id})

    def test_wildcards_are_taken_literally(self):
        self.assertEqual(self._find("100%"), {self.marriage.id})
        self.assertFalse(self._find("kh_i"))
        self.assertEqual(len(self._find("")), 3)

    def test_negative_search(self):
        found = self.env["cchc.procedure"].search(
            [
                ("sector_id", "=", self.sector.id),
                ("display_name", "not ilike", "khai sinh"),
            ]
        )
        self.assertEqual(found, self.marriage)

    def test_versions_are_found_by_their_procedure(self):
        version = self._publish(self.birth, "2026-01-01")
        found = self.env["cchc.procedure.version"].search(
            [
                ("procedure_id", "ilike", "KHAI sinh dang ky"),
                ("sector_id", "=", self.sector.id),
            ]
        )
        self.assertEqual(found, version)

    def test_search_goes_through_the_index(self):
        # a catalogue of a few hundred fits on a page or two, where reading them all is
        # cheaper: what counts is that the index can serve the search
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.env["cchc.procedure"]._search(
            [("display_name", "ilike", "dang ky khai sinh thu")]
        )
        plan = "\n".join(
            line
            for (line,) in self.env.execute_query(
                _explain(query.select("cchc_procedure.id"))
            )
        )
        self.assertIn("cchc_procedure_search_text_idx", plan)
        self.assertNotIn("Seq Scan", plan)


def _explain(sql):
    return type(sql)("EXPLAIN %s", sql)
