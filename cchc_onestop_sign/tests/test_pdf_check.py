import io
import random
from datetime import datetime, timezone

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import signers
from pyhanko.stamp import TextStampStyle
from pypdf import PdfReader, PdfWriter

from odoo.tests import BaseCase, tagged

from odoo.addons.cchc_onestop.tools.pdf import render_pdf

from ..demo.authority import Authority
from ..tools import pdf_check, pdf_sign, stamp

NAME = "Nguyễn Văn Thành"


@tagged("post_install", "-at_install")
class TestPdfCheck(BaseCase):
    """Signatures of a file, plain Python: what is said of whole and of spoilt files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(pdf_check.READER.stop)
        cls.now = datetime.now(timezone.utc)
        cls.authority = Authority(moment=cls.now)
        cls.roots = [cls.authority.der(cls.authority.cert)]
        cls.person = cls.authority.issue(NAME)
        cls.agency = cls.authority.issue("UBND xã Hải Trường")
        cls.plain = render_pdf(
            [f"<p>Nội dung</p><p style='margin: 100mm 0 0 90mm'>{NAME}</p>"]
        )
        cls.signed = cls._sign(cls.plain, cls.person)

    @classmethod
    def _sign(cls, content, issued, what="Ky", authority=None):
        authority = authority or cls.authority
        signer = signers.SimpleSigner.load_pkcs12_data(
            authority.pkcs12(*issued, "x"), [], b"x"
        )
        if what == "Ky":
            place = pdf_sign.signing_place(content, NAME)
            look = stamp.signature(place, NAME, cls.now)
        elif what == "Dau":
            place = pdf_sign.seal_place(pdf_sign.signed_boxes(content)[-1][1])
            look = stamp.seal(place, "UBND xã", cls.now)
        else:
            place = pdf_sign.copy_place(content)
            look = stamp.copy(place, "SAO Y", "UBND xã", cls.now)
        return pdf_sign.sign(
            content, signer, place, look, pdf_sign.field_name(content, what)
        )

    def _verdicts(self, content, roots=None, **known):
        found = pdf_check.check(
            content, self.roots if roots is None else roots, **known
        )
        return [pdf_check.verdict(facts, self.now) for facts in found]

    def test_signature_seal_and_copy_stay_valid_together(self):
        sealed = self._sign(self.signed, self.agency, "Dau")
        copied = self._sign(sealed, self.agency, "SaoY")
        self.assertTrue(copied.startswith(sealed))
        self.assertTrue(sealed.startswith(self.signed))
        self.assertTrue(self.signed.startswith(self.plain))
        found = pdf_check.check(copied, self.roots)
        self.assertEqual([facts["last"] for facts in found], [False, False, True])
        self.assertEqual([facts["signer"] for facts in found][0], NAME)
        self.assertEqual(self._verdicts(copied), [("valid", "valid_not_asked")] * 3)

    def test_every_changed_byte_of_the_signed_content_breaks(self):
        rng = random.Random(6)
        head = self.signed.find(b"/ByteRange")
        for _try in range(4):
            spoilt = bytearray(self.signed)
            # inside the text of the page, whatever table the file has
            at = spoilt.find(b"stream") + 8 + rng.randrange(100)
            self.assertLess(at, head)
            spoilt[at] ^= 1
            self.assertEqual(self._verdicts(bytes(spoilt)), [("broken", "tampered")])

    def test_text_added_after_signing(self):
        writer = IncrementalPdfFileWriter(io.BytesIO(self.signed))
        TextStampStyle(stamp_text="added").create_stamp(
            writer, BoxConstraints(100, 50), {}
        ).apply(0, 60, 60)
        target = io.BytesIO()
        writer.write(target)
        self.assertEqual(self._verdicts(target.getvalue()), [("broken", "changed")])

    def test_who_is_not_in_the_list(self):
        self.assertEqual(self._verdicts(self.signed, []), [("unknown", "untrusted")])
        other = Authority("Khác")
        self.assertEqual(
            self._verdicts(self.signed, [other.der(other.cert)]),
            [("unknown", "untrusted")],
        )

    def test_same_name_as_our_authority(self):
        twin = Authority(moment=self.now)
        forged = self._sign(self.plain, twin.issue(NAME), authority=twin)
        self.assertEqual(self._verdicts(forged), [("unknown", "untrusted")])

    def test_certificate_not_in_force_when_signed(self):
        old = self.authority.issue(NAME, days=-2, since_days=10)
        self.assertEqual(
            self._verdicts(self._sign(self.plain, old)), [("broken", "expired")]
        )

    def test_revoked(self):
        crl = self.authority.crl(self.person[0])
        self.assertEqual(
            self._verdicts(self.signed, crls=[crl]), [("broken", "revoked")]
        )
        self.assertEqual(
            self._verdicts(self.signed, crls=[self.authority.crl()]),
            [("valid", "valid")],
        )
        # A list that somebody else has signed says nothing.
        twin = Authority(moment=self.now)
        self.assertEqual(
            self._verdicts(self.signed, crls=[twin.crl(self.person[0])]),
            [("valid", "valid_not_asked")],
        )

    def test_hostile_files_end_in_one_word(self):
        rng = random.Random(7)
        hostile = [
            b"%PDF-1.7 /ByteRange " + rng.randbytes(5000),
            self.signed[: len(self.signed) // 2],
            self.signed.replace(b"startxref", b"startxxxx"),
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/AcroForm 1 0 R"
            b"/Fields[1 0 R]/Kids[1 0 R]/ByteRange[0 1 2 3]>>endobj\n"
            b"trailer<</Root 1 0 R/Prev 0>>\nstartxref\n0\n%%EOF",
            b"%PDF-1.4 /ByteRange" + b"[" * 200_000,
        ]
        for content in hostile:
            with self.subTest(content[:40]), self.assertRaises(pdf_check.CheckFailed):
                pdf_check.check(content, self.roots)

    def test_file_under_a_password(self):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(self.plain)))
        writer.encrypt("bí mật", algorithm="RC4-128")
        target = io.BytesIO()
        writer.write(target)
        with self.assertRaises(pdf_check.CheckFailed) as caught:
            pdf_check.check(target.getvalue() + b"/ByteRange", self.roots)
        self.assertEqual(caught.exception.code, "encrypted")
        with self.assertRaises(pdf_sign.CannotSign):
            self._sign(target.getvalue(), self.person)

    def test_places(self):
        """NĐ 30/2020 Phụ lục I: above the name; a third of it sealed; top right."""
        (_name, place), *_rest = pdf_sign.signed_boxes(self.signed)
        self.assertEqual(place.page, 0)
        left, bottom, right, _top = place.box
        seal = pdf_sign.seal_place(place).box
        self.assertAlmostEqual((seal[2] - left) / (right - left), 1 / 3, delta=0.02)
        self.assertLess(seal[0], left)
        found = pdf_sign._find(self.plain, NAME, 1)
        self.assertGreaterEqual(bottom, found[3])
        copy = pdf_sign.copy_place(self.plain)
        self.assertEqual(copy.page, 0)
        self.assertGreater(copy.box[3], 800)
        self.assertGreater(copy.box[2], 560)
        twice = pdf_sign.copy_place(self._sign(self.signed, self.agency, "SaoY"))
        self.assertLess(twice.box[3], copy.box[1] + 1)

    def test_name_of_nobody_on_the_page(self):
        place = pdf_sign.signing_place(self.plain, "Không Ai Cả")
        self.assertGreater(place.box[0], 300)
        self.assertLess(place.box[1], 120)

    def test_time_is_that_of_viet_nam(self):
        moment = datetime(2026, 12, 31, 18, 5, 6, tzinfo=timezone.utc)
        self.assertEqual(stamp.local_time(moment), "01/01/2027 01:05:06 +07:00")
