"""Invented applicants for the demo: names, numbers that pass the checks, addresses."""

from datetime import date

_FAMILY = (
    "Nguyễn Trần Lê Phạm Hoàng Phan Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Cáp Văn Mai"
).split()
_MIDDLE = {
    "male": "Văn Hữu Đức Quang Minh Công Xuân Thanh Đình Ngọc".split(),
    "female": "Thị Thị Thị Ngọc Thu Thanh Mỹ Kim Phương Hồng".split(),
}
_GIVEN = {
    "male": (
        "An Bình Cường Dũng Hải Hiếu Hòa Hùng Khánh Lâm Long Nam Phong Phúc Quân Sơn "
        "Thắng Tiến Trung Tuấn Vinh"
    ).split(),
    "female": (
        "Anh Châu Diệp Dung Hà Hạnh Hiền Hoa Hương Lan Liên Mai Nga Nhung Oanh Phượng "
        "Quyên Thảo Thúy Trang Yến"
    ).split(),
}
_HAMLETS = (
    "Trường Sanh|Trường Thọ|Trường Xuân|Trường Phước|Hậu Trường|Trung Trường|"
    "Tân Trường|Mỵ Trường|Đông Trường|Trầm Lý"
).split("|")
_ENTERPRISES = (
    "Công ty TNHH Nông sản Hải Trường",
    "Công ty TNHH Xây dựng Trường Sanh",
    "Công ty cổ phần Gỗ Quảng Trị",
    "Công ty TNHH Vận tải Thành Công",
    "Hợp tác xã Nông nghiệp Trường Xuân",
)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_code(first_nine):
    """Return a tax code of ten digits, or ``None`` when the nine have no check digit.

    :param str first_nine: the digits before the check digit
    """
    total = sum(
        weight * int(digit)
        for weight, digit in zip(_TAX_WEIGHTS, first_nine, strict=True)
    )
    check = 10 - total % 11
    return None if check == 10 else f"{first_nine}{check}"


def citizen(rng):
    """Return the applicant's columns of an invented citizen of Quảng Trị (045)."""
    sex = rng.choice(("male", "female"))
    born = date(rng.randint(1950, 2005), rng.randint(1, 12), rng.randint(1, 28))
    century = 2 if born.year >= 2000 else 0
    digit = century + (sex == "female")
    name = " ".join(
        (rng.choice(_FAMILY), rng.choice(_MIDDLE[sex]), rng.choice(_GIVEN[sex]))
    )
    return {
        "applicant_kind": "citizen",
        "applicant_name": name,
        "applicant_sex": sex,
        "applicant_birth_date": born,
        "applicant_identity_type": "personal",
        "applicant_identity": (
            f"045{digit}{born.year % 100:02d}{rng.randint(1, 19999):06d}"
        ),
        "applicant_address": (
            f"Thôn {rng.choice(_HAMLETS)}, xã Hải Trường, tỉnh Quảng Trị"
        ),
        "applicant_phone": f"09{rng.randint(10000000, 99999999)}",
        "priority": "2" if born.year < 1955 else "0",
    }


def household(rng):
    """Return a household business: its tax code is its owner's personal number."""
    owner = citizen(rng)
    return {
        **owner,
        "applicant_kind": "household_business",
        "applicant_name": f"Hộ kinh doanh {owner['applicant_name']}",
        "priority": "0",
    }


def enterprise(rng):
    """Return an enterprise with a tax code whose check digit is right."""
    index = rng.randrange(len(_ENTERPRISES))
    code = None
    serial = 320010000 + 17 * index
    while not code:
        code = tax_code(f"3{serial % 10**8:08d}")
        serial += 1
    return {
        "applicant_kind": "enterprise",
        "applicant_name": _ENTERPRISES[index],
        "applicant_identity_type": "tax",
        "applicant_identity": code,
        "applicant_address": (
            f"Thôn {rng.choice(_HAMLETS)}, xã Hải Trường, tỉnh Quảng Trị"
        ),
        "applicant_phone": f"0233{rng.randint(3000000, 3999999)}",
    }
