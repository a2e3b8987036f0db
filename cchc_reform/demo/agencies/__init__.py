"""What five agencies wrote in their reports on reform, as records of this product.

Thượng Lộ (2016-2020), Bến Cát (first half of 2019), Nghĩa Lộ (2023), Hải Trường
(2021-2023) and Kim Long (2016). Numbers, days and figures are those of the reports;
names of persons and departments are invented. Each stands as an agency of its own, so
that nothing mixes with the commune of the running demo.
"""
