"""Files of procedures as offices send them, and as nobody should."""

import io
import json
import zipfile

from openpyxl import Workbook
from pypdf import PdfReader

HEADINGS = [
    "STT",
    "Mã TTHC",
    "Tên TTHC",
    "Lĩnh vực",
    "Cấp",
    "Thời hạn",
    "Địa điểm",
    "Cách thức",
    "Phí, lệ phí",
    "Căn cứ pháp lý",
    "Mức độ DVC",
    "Ghi chú",
]


def row(
    code,
    name="Thủ tục trong danh sách",
    sector="Lĩnh vực nhập",
    level="Cấp xã",
    time="03 ngày làm việc",
    place="Trung tâm PVHCC cấp xã",
    channels="Trực tiếp, trực tuyến, bưu chính",
    fee="8.000 đồng/bản",
    legal="Luật số 60/2014/QH13; Nghị định số 23/2015/NĐ-CP",
    online="Toàn trình",
    note="",
):
    """Return the cells of one procedure of a list."""
    cells = [code, name, sector, level, time, place, channels, fee, legal, online, note]
    return [1, *cells]


def xlsx(rows, headings=tuple(HEADINGS), above=()):
    """Return the bytes of a workbook with the list."""
    book = Workbook()
    sheet = book.active
    for cells in above:
        sheet.append(cells)
    sheet.append(list(headings))
    for cells in rows:
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def record(code, name="Thủ tục trong CSDL quốc gia", **values):
    """Return a record as LayThuTuc gives it."""
    return {
        "MATTHC": code,
        "TENTTHC": name,
        "LINHVUCTHUCHIEN": [{"MALINHVUC": "G01", "TENLINHVUC": "Lĩnh vực nhập"}],
        "CAPTHUCHIEN": "Cấp Xã",
        "TRANGTHAI": "1",
        "TRINHTUTHUCHIEN": [
            {"TRUONGHOP": "", "TRINHTU": [{"TENTRINHTU": "Nộp hồ sơ tại bộ phận"}]}
        ],
        "CACHTHUCTHUCHIEN": [
            {
                "KENH": 1,
                "THOIGIAN": [
                    {
                        "THOIGIANGIAIQUYET": "3",
                        "DONVITINH": "Ngày làm việc",
                        "MOTA": "03 ngày làm việc",
                        "PHILEPHI": [
                            {
                                "MAPHILEPHI": "LP01",
                                "SOTIEN": "8000",
                                "DONVI": "bản",
                                "MOTA": "8.000 đồng/bản",
                            }
                        ],
                    }
                ],
            },
            {
                "KENH": 2,
                "THOIGIAN": [{"THOIGIANGIAIQUYET": 2, "DONVITINH": "Ngày làm việc"}],
            },
        ],
        "THANHPHANHOSO": [
            {
                "TRUONGHOP": "",
                "GIAYTO": [
                    {
                        "MAGIAYTO": "000.00.00.G01-KQ01",
                        "TENGIAYTO": "Tờ khai",
                        "TENMAUDON": "to-khai.docx",
                        "SOBANCHINH": 1,
                    }
                ],
            }
        ],
        "DOITUONGTHUCHIEN": [{"TENDOITUONG": "Công dân Việt Nam"}],
        "COQUANTHUCHIEN": [{"TENDONVI": "UBND cấp xã", "MADONVI": "H49"}],
        "KETQUATHUCHIEN": [{"MAKETQUA": "KQ1", "TENKETQUA": "Giấy chứng nhận"}],
        "CANCUPHAPLY": [{"SOVANBAN": "60/2014/QH13", "TENVANBAN": "Luật Hộ tịch"}],
        **values,
    }


def to_json(records):
    """Return the bytes of the records as the national service sends them."""
    return json.dumps({"error_code": 0, "data": records}).encode()


def bomb(size=200 * 1024 * 1024):
    """Return a small workbook whose sheet unpacks to ``size`` bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            block = b" " * (1024 * 1024)
            for _index in range(size // len(block)):
                part.write(block)
    return stream.getvalue()


def with_entities(data):
    """Return the workbook ``data`` with a document type in its sheet."""
    source = zipfile.ZipFile(io.BytesIO(data))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member in source.infolist():
            content = source.read(member)
            if member.filename.endswith("sheet1.xml"):
                content = b'<!DOCTYPE a [<!ENTITY b "c">]>' + content
            archive.writestr(member.filename, content)
    return stream.getvalue()


def pdf_text(content):
    """Return the text of a PDF in one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
