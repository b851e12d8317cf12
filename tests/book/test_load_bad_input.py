"""Input that could be read two ways, or as nothing a book can hold, is refused with its place and the evidence."""

import pytest

from riskmodels.book.currencies import codes
from riskmodels.book.load import load
from riskmodels.book.load.refuse import LONGEST
from riskmodels.book.mapping import parse_mapping
from riskmodels.book.open import open_book
from riskmodels.core.errors import DataRefused, Misuse

HEAD = "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on,number"
MAPPED = "\n".join(f'{c} = "{c}"' for c in HEAD.split(","))


def rows(*cells):
    """The text of a CSV file of sound invoices, each with some cells replaced."""
    sound = {"client_id": "c", "debtor_id": "d", "currency": "CNY", "amount": "5", "issued_on": "2024-01-02"}
    lines = [HEAD]
    for number, given in enumerate(cells):
        row = {"invoice_id": f"i{number}", **sound, "due_on": "2024-12-30", "number": "n", **given}
        lines.append(",".join(row[c] for c in HEAD.split(",")))
    return "\n".join(lines) + "\n"


@pytest.fixture
def place(tmp_path):
    """Loads a CSV text, by a mapping with the given [format] if there is one; returns the invoices."""

    def loads(text, form=None, **options):
        source, out = tmp_path / "invoices.csv", tmp_path / "b.duckdb"
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        mapping = parse_mapping(f"[format]\n{form}\n[tables.invoices.columns]\n{MAPPED}", "m") if form else None
        load(source, out, mapping, **options)
        return open_book(out).frame("invoices")

    return loads


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            [{"due_on": "03/04/2024"}, {}, {"due_on": "25/03/2024"}],
            r"row 2: due_on: found '03/04/2024', expected a date that reads one way; row 4 has 25/03/2024, "
            r"so days come first: say dates = \['%d/%m/%Y'\] in \[format\]; 1 more rows",
        ),
        (
            [{"due_on": "3.4.2024"}, {"due_on": "12.31.2024"}],
            r"row 3 has 12.31.2024, so months come first: say dates = \['%m.%d.%Y'\]",
        ),
        ([{"due_on": "03/04/2024"}, {"due_on": "01/02/2024"}], "every such value can be read both ways"),
        (
            [{"due_on": "25/03/2024"}, {"due_on": "12/31/2024"}],
            "row 2 has 25/03/2024 and row 3 has 12/31/2024, so days come first in one and months in the other",
        ),
        ([{"due_on": "５／４／２０２４"}], "expected a date that reads one way"),
        ([{"due_on": "31/31/2024"}], "found '31/31/2024', expected a date between 1900-01-01 and 2199-12-31"),
        ([{"due_on": "05/04/24"}], "expected a date with a year of four digits, or a pattern with %y"),
        ([{"due_on": "24-04-05"}], "expected a date with a year of four digits"),
        ([{"due_on": "45656"}], "expected a date; if Excel counted the day it is 2024-12-30, say excel_dates = true"),
        (
            [{"due_on": "2024-04-05T10:00:00Z"}],
            "expected a date without an offset from UTC, or timezone = 'Asia/Shanghai'",
        ),
        ([{"due_on": "2024-04-05 10:00:00+08:00"}], "without an offset from UTC"),
        ([{"amount": "1e18"}], "found '1e18', expected an amount of at most 9,999,999,999,999,999.99"),
        ([{"amount": "10000000000000000.00"}], "expected an amount of at most 9,999,999,999,999,999.99"),
        ([{"amount": "1.005"}], "expected an amount with at most two decimals"),
        ([{"currency": "RMB"}], """found 'RMB', expected CNY: say values = { "RMB" = "CNY" } for this column"""),
        ([{"currency": "人民币"}], "expected CNY: say values"),
        ([{"currency": "cny"}], "found 'cny', expected an ISO 4217 code such as CNY"),
        ([{"currency": "XXX"}], "found 'XXX', expected an ISO 4217 code"),
        ([{"currency": ""}], "currency: found 'nothing', expected a value"),
        ([{"number": "a\x1b[31mb"}], r"row 2: number: found 'a\\x1b\[31mb', expected text without control characters"),
        ([{"debtor_id": "a\x00b"}], r"debtor_id: found 'a\\x00b', expected text without control characters"),
        ([{"amount": "5\x00"}], r"amount: found '5\\x00', expected an amount"),
    ],
)
def test_a_cell_no_book_can_hold_is_refused_with_what_would_help(place, cells, said):
    with pytest.raises(DataRefused, match=said) as refused:
        place(rows(*cells))
    assert "\n" not in str(refused.value)


def test_patterns_that_read_a_value_differently_are_refused_with_that_value(place):
    said = (
        r"row 3: due_on: found '03/04/2024', expected dates = \[...\] in \[format\] that agree; "
        "%d/%m/%Y reads it as 2024-04-03, %m/%d/%Y reads it as 2024-03-04"
    )
    both = 'dates = ["%d/%m/%Y", "%m/%d/%Y"]'
    with pytest.raises(DataRefused, match=said):
        place(rows({"due_on": "25/03/2024"}, {"due_on": "03/04/2024"}), both)
    found = place(rows({"due_on": "25/03/2024"}, {"due_on": "04/04/2024"}, {"due_on": "12/25/2024"}), both)
    assert [str(d.date()) for d in found["due_on"]] == ["2024-03-25", "2024-04-04", "2024-12-25"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ('dates = ["%d/%m/%Y"]', "05/04/2024"),
        ('dates = ["%d/%m/%y"]', "05/04/24"),
        ("excel_dates = true", "45387"),
        ('timezone = "Asia/Shanghai"', "2024-04-04T16:30:00Z"),
        ('timezone = "UTC"', "2024年4月5日"),
    ],
)
def test_what_the_format_says_is_read_so(place, form, text):
    assert str(place(rows({"due_on": text}), form)["due_on"][0].date()) == "2024-04-05"


def test_full_width_digits_signs_and_blanks_are_their_plain_forms(place):
    found = place(rows({"amount": "１２３．５０", "due_on": "２０２４年３月５日", "debtor_id": "　华东　"}))
    assert (found["amount"][0], str(found["due_on"][0].date()), found["debtor_id"][0]) == (123.5, "2024-03-05", "华东")


def test_a_cell_of_a_wide_blank_is_empty(place):
    with pytest.raises(DataRefused, match="debtor_id: found 'nothing', expected a value"):
        place(rows({"debtor_id": "　"}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            rows({"number": "甲"}).encode() + "i9,c,d,CNY,5,2024-01-02,2024-12-30,公司\n".encode("gbk"),
            "line 3: cannot be read",
        ),
        (
            rows({"number": "甲"}).encode("gbk") + "i9,c,d,CNY,5,2024-01-02,2024-12-30,公司\n".encode(),
            "line 2: cannot be read",
        ),
        (rows({}).encode("utf-16"), "line 1: cannot be read"),
    ],
)
def test_a_file_of_two_encodings_names_the_first_line_that_is_not_utf_8(place, content, said):
    with pytest.raises(DataRefused, match=f"invoices.csv: {said}: found bytes that are not UTF-8"):
        place(content)


def test_a_byte_order_mark_is_no_part_of_the_first_name(place):
    assert place(b"\xef\xbb\xbf" + rows({}).encode())["invoice_id"].tolist() == ["i0"]


def test_text_with_line_breaks_and_tabs_is_text(place):
    assert place(rows({"number": '"a\tb\nc"'}))["number"].tolist() == ["a\tb\nc"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ('dates = ["%d/%m"]', "needs year, month and day"),
        ('dates = ["%Q"]', "needs year, month and day"),
        ('dates = ["%Y-%m-%d %"]', "no pattern of dates"),
        ('timezone = "Beijing"', "no such time zone: beijing; expected one like asia/shanghai"),
        ('excel_dates = "1905"', "format.excel_dates"),
    ],
)
def test_a_mistake_in_the_format_is_one_line(form, said):
    with pytest.raises(Misuse, match=said) as refused:
        parse_mapping(f"[format]\n{form}\n[tables.invoices.columns]\n{MAPPED}", "m")
    assert "\n" not in str(refused.value)


def test_a_mapping_that_names_an_absent_column_says_which_there_are(place):
    with pytest.raises(DataRefused, match=r"invoices.number: no column 'number'; found invoice_id, client_id"):
        place(rows({}).replace(",number", ",nr"), "excel_dates = true")


def test_a_long_cell_is_told_by_its_beginning(place):
    with pytest.raises(DataRefused) as refused:
        place(rows({"amount": "9" * 5_000}))
    assert "9" * LONGEST + "... (5,000 characters)" in str(refused.value)
    assert len(str(refused.value)) < 400


def test_every_broken_row_of_a_large_table_is_counted_and_kept(place, tmp_path):
    bad = {7: {"amount": "x"}, 9_000: {"due_on": "1.2.2024"}, 19_999: {"currency": "RMB", "amount": "-1"}}
    found = place(rows(*(bad.get(i, {}) for i in range(20_000))), set_aside=tmp_path / "aside.csv")
    assert len(found) == 20_000 - len(bad)
    lines = (tmp_path / "aside.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["table_name", *["invoices"] * 3]


def test_currencies_are_those_that_were_money_somewhere():
    assert {"CNY", "USD", "EUR", "HKD", "DEM"} <= set(codes())
    assert not {"XXX", "XTS", "XAU", "RMB", "CNH"} & set(codes())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("within", ["\n", "\r\n", "\r"])
def test_a_line_break_within_a_name_hides_no_rows(place, end, within):
    text = rows({}, {}).replace("\n", end).replace("number", f'"num{within}ber"')
    assert place(text)["invoice_id"].tolist() == ["i0", "i1"]


def test_line_ends_of_two_kinds_are_refused(place):
    with pytest.raises(DataRefused, match=r"invoices.csv: found lines that end in two ways"):
        place(rows({}, {}, {}).replace("\n", "\r\n", 2))
