"""The stand-in Xero's `where` and `order`, by value."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sandbox.xero.problems import QueryInvalid
from sandbox.xero.where import Field, parse_order, parse_where, sort_key

ABE = "91bb0a4e-6f0f-4d3a-9c34-0d8a1f6f7a11"


@dataclass
class _Row:
    name: str = "Harrow Estate"
    status: str = "AUTHORISED"
    id: str = ABE
    due: Decimal = Decimal("300.00")
    day: date = date(2026, 11, 2)
    paid_on: date | None = None
    updated: datetime = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    supplier: bool = False


FIELDS = {
    "Name": Field("text", lambda row: row.name, "name"),
    "Status": Field("text", lambda row: row.status),
    "Contact.ContactID": Field("guid", lambda row: row.id, "id"),
    "AmountDue": Field("number", lambda row: row.due),
    "Date": Field("date", lambda row: row.day),
    "FullyPaidOnDate": Field("date", lambda row: row.paid_on),
    "UpdatedDateUTC": Field("date", lambda row: row.updated),
    "IsSupplier": Field("bool", lambda row: row.supplier),
}


def matches(query: str, **row: object) -> bool:
    return parse_where(query, FIELDS, "Invoice").test(_Row(**row))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        'Name=="Harrow Estate"',
        'name == "HARROW estate"',
        'Name!="Harrow"',
        'Status=="AUTHORISED" AND AmountDue>299.99',
        'Status=="DRAFT" OR AmountDue>=300',
        'Status=="DRAFT" || (AmountDue<=300 && AmountDue > -1)',
        '(Status=="DRAFT" or Status=="AUTHORISED") and Name.StartsWith("harrow")',
        f'Contact.ContactID==Guid("{ABE}")',
        f'Contact.ContactID == guid("{ABE.upper()}")',
        "Date==DateTime(2026, 11, 02)",
        "Date >= DateTime(2026,11,1) && Date < DateTime(2026,11,3)",
        "DateTime(2026,11,1) < Date",
        "UpdatedDateUTC>=DateTime(2026,11,2,9,30,0)",
        "FullyPaidOnDate==null",
        "Name!=null",
        "IsSupplier==false",
        'Name.Contains("row est")',
        'Name.EndsWith("x")==false',
    ],
)
def test_a_filter_that_holds(query: str) -> None:
    assert matches(query)


@pytest.mark.parametrize(
    "query",
    [
        'Name=="Harrow"',
        'Status=="DRAFT" AND AmountDue>1',
        "AmountDue>300",
        "Date<DateTime(2026,11,2)",
        "FullyPaidOnDate>DateTime(2026,1,1)",
        "FullyPaidOnDate!=null",
        f'Contact.ContactID!=Guid("{ABE}")',
        "IsSupplier",
        'Name.Contains("estates")',
    ],
)
def test_a_filter_that_does_not_hold(query: str) -> None:
    assert not matches(query)


def test_and_binds_closer_than_or() -> None:
    assert matches('Name=="Harrow Estate" OR Name=="x" AND Status=="y"')


def test_a_quote_inside_a_text_is_doubled() -> None:
    assert matches('Name=="The ""Blue"" Room"', name='The "Blue" Room')


def test_a_quote_escaped_with_a_backslash_is_refused() -> None:
    with pytest.raises(QueryInvalid):
        matches('Name=="The \\"Blue\\" Room"', name='The "Blue" Room')


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('Name=="Harrow', "Unterminated string literal"),
        ('Nme=="x"', "No property or field 'Nme' exists in type 'Invoice'"),
        ('Contact.ContactID=="x"', "Operator '==' incompatible with operand types 'Guid' and 'String'"),
        ('AmountDue>"3"', "Operator '>' incompatible with operand types 'Decimal' and 'String'"),
        ('Date=="2026-11-02"', "Operator '==' incompatible with operand types 'DateTime' and 'String'"),
        ('Name>"a"', "Operator '>' incompatible with operand types 'String' and 'String'"),
        ("AmountDue>null", "Operator '>' incompatible with operand types 'Decimal' and 'null'"),
        ('Name="x"', "Syntax error '='"),
        ('Name=="x" Status=="y"', "Syntax error at 'Status'"),
        ('(Name=="x"', "')' expected"),
        ('Name=="x" AND', "Expression expected"),
        ("Name", "Expression of type 'Boolean' expected"),
        ("DateTime(2026,13,1)==Date", "DateTime: month must be in 1..12"),
        ("Date>DateTime(2026)", "No applicable constructor exists in type 'DateTime'"),
        ('Contact.ContactID==Guid("abc")', "Guid should contain 32 digits with 4 dashes"),
        ("1==1", "A field and a value are expected on the two sides of a comparison"),
    ],
)
def test_what_cannot_be_read_is_refused(query: str, message: str) -> None:
    with pytest.raises(QueryInvalid) as refused:
        matches(query)
    assert str(refused.value) == message


def test_the_equalities_that_every_match_has_are_known_so_that_an_index_can_serve() -> None:
    both = parse_where('Name=="A" AND Status=="B" AND AmountDue>1', FIELDS, "Invoice")
    assert both.equals == (("Name", "a"), ("Status", "b"))
    assert parse_where('Name=="A" OR Status=="B"', FIELDS, "Invoice").equals == ()


def test_an_order_is_a_list_of_fields_with_their_direction() -> None:
    rows = [_Row(name="b", due=Decimal(1)), _Row(name="A", due=Decimal(2)), _Row(name="a", due=Decimal(3))]
    for field, descending in reversed(parse_order("Name ASC, AmountDue DESC", FIELDS, "Invoice")):
        rows.sort(key=sort_key(field), reverse=descending)
    assert [(row.name, row.due) for row in rows] == [("a", Decimal(3)), ("A", Decimal(2)), ("b", Decimal(1))]


@pytest.mark.parametrize("query", ["Nothing", "Name DOWN", "Name,,Date", "Name ASC please"])
def test_an_order_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(QueryInvalid):
        parse_order(query, FIELDS, "Invoice")
