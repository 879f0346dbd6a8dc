"""What a change touches (BEHAVIOUR §5): what of a sent invoice stays as it stands in Xero."""

from dataclasses import replace
from decimal import Decimal

from syncengine.domain.documents import LinkedLine
from syncengine.domain.mapping.keeping import Standing, recoded
from tests.unit.domain.makers import (
    GST,
    NO_TAX,
    PST,
    account,
    bill,
    blocked,
    document,
    expense,
    figures,
    line,
    money,
    percent,
    rules,
    sent_invoice,
    tax_rate,
)

NORTH = {"Name": "Office", "Option": "North"}
BY_HAND = {"account_code": "290", "tracking": (NORTH,)}
RECODED = rules(
    time_entries_account="acc-210",
    expenses_account="acc-210",
    category_accounts={("service", 61): "acc-270"},
    tax_none=PST,
)


def test_an_unchanged_line_keeps_account_tax_and_tracking_from_xero() -> None:
    sent = document(bill(due="1150.00"), [line(), expense()])
    there, linked = sent_invoice(sent, {"31001": {**BY_HAND, "tax_type": PST}})
    edited = expense(note="Court filing, amended")
    made = document(bill(due="1150.00"), [line(), edited], linked=linked, standing=there)
    assert figures(made)[0] == ("31001", "1000.00", "290", PST)
    assert made.lines[0].tracking == (NORTH,)
    assert made.lines[0].line_item_id == "item-31001"


def test_a_changed_line_keeps_them_too_while_its_coding_is_the_same() -> None:
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": BY_HAND})
    edited = line(note="Lease review and advice", amount="1200.00")
    made = document(bill(due="1200.00"), [edited], linked=linked, standing=there)
    assert figures(made) == [("31001", "1200.00", "290", NO_TAX)]
    assert made.lines[0].tracking == (NORTH,)


def test_a_line_whose_category_changed_takes_the_present_mapping() -> None:
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": BY_HAND})
    edited = line(service_category_id=62)
    chosen = rules(category_accounts={("service", 62): "acc-210"})
    made = document(bill(), [edited], linked=linked, standing=there, rules=chosen)
    assert figures(made) == [("31001", "1000.00", "210", NO_TAX)]
    assert made.lines[0].tracking == ()
    assert made.lines[0].line_item_id == "item-31001"


def test_a_line_whose_kind_changed_takes_the_present_mapping() -> None:
    there, linked = sent_invoice(document(bill(due="150.00"), [line(amount="150.00")]), {"31001": BY_HAND})
    made = document(bill(due="150.00"), [expense(31001)], linked=linked, standing=there)
    assert figures(made) == [("31001", "150.00", "400", NO_TAX)]


def test_a_line_whose_tax_changed_takes_the_present_mapping() -> None:
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": BY_HAND})
    record = bill(due="1050.00", tax_rate="5", total_tax="50.00")
    made = document(record, [line(taxable=True, tax="50.00")], linked=linked, standing=there)
    assert figures(made) == [("31001", "1000.00", "200", GST)]


def test_a_line_that_is_taxed_only_by_the_bills_new_rate_takes_the_present_tax() -> None:
    # Clio may state tax on the bill alone: the line itself then looks unchanged.
    one = line(taxable=True)
    there, linked = sent_invoice(document(bill(), [one]), {"31001": BY_HAND})
    record = bill(due="1050.00", tax_rate="5", total_tax="50.00")
    made = document(record, [one], linked=linked, standing=there)
    assert figures(made) == [("31001", "1000.00", "200", GST)]


def test_an_unchanged_line_is_kept_even_if_an_upgrade_writes_its_coding_differently() -> None:
    one = line()
    there, _ = sent_invoice(document(bill(), [one]), {"31001": BY_HAND})
    older = {"31001": LinkedLine("item-31001", one.digest, "Service/61:none")}
    made = document(bill(), [one], linked=older, standing=there)
    assert figures(made) == [("31001", "1000.00", "290", NO_TAX)]


def test_a_new_line_takes_the_present_mapping() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    made = document(bill(due="1150.00"), [line(), expense()], linked=linked, standing=there, rules=RECODED)
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX), ("32001", "150.00", "210", PST)]
    assert made.lines[1].line_item_id == ""


def test_a_settings_change_alone_changes_nothing_of_a_sent_bill() -> None:
    record = bill(due="1026.00", tax_rate="5", total_tax="42.75", interest_total="12.00", discount=money("43.75"))
    lines = [
        line(taxable=True, tax="42.75", total="900.00", discount=percent("10")),
        expense(amount="115.00"),
        line(31002, type="NoChargeLineItem"),
    ]
    sent = document(record, lines)
    there, linked = sent_invoice(sent)
    again = document(record, lines, linked=linked, standing=there, rules=RECODED)
    assert again.digest == sent.digest


def test_a_kept_line_asks_nothing_of_the_present_mapping() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    nothing = rules(time_entries_account="", tax_none="", accounts={"acc-200": account("200", status="ARCHIVED")})
    edited = line(note="Amended")
    made = document(bill(), [edited], linked=linked, standing=there, rules=nothing)
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX)]


def test_a_new_line_beside_kept_ones_is_still_blocked_by_a_missing_account() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    found = blocked(
        bill(due="1150.00"), [line(), expense()], linked=linked, standing=there, rules=rules(expenses_account="")
    )
    assert (found.code, found.field) == ("account_missing", "expenses_account")


def test_a_line_that_lost_its_account_in_xero_gets_the_present_one() -> None:
    # Xero removes an account that it does not recognise from a draft (X 6.21).
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": {"account_code": "", "tracking": (NORTH,)}})
    made = document(bill(), [line(note="Amended")], linked=linked, standing=there)
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX)]
    assert made.lines[0].tracking == (NORTH,)


def test_a_line_that_was_removed_by_hand_is_sent_anew() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    made = document(bill(), [line()], linked=linked, standing=replace(there, lines=()), rules=RECODED)
    assert figures(made) == [("31001", "1000.00", "270", PST)]
    assert made.lines[0].line_item_id == ""


def test_a_line_added_by_hand_is_not_in_the_document() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    by_hand = replace(there.lines[0], line_item_id="item-by-hand", description="Added in Xero")
    standing = replace(there, lines=(*there.lines, by_hand))
    made = document(bill(), [line(note="Amended")], linked=linked, standing=standing)
    assert [one.line_item_id for one in made.lines] == ["item-31001"]


def test_a_line_that_stopped_being_charged_loses_its_coding_and_keeps_its_place() -> None:
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": BY_HAND})
    free = line(type="NoChargeLineItem")
    made = document(bill(due="0.00"), [free], linked=linked, standing=there)
    assert figures(made) == [("31001", None, "", "")]
    assert (made.lines[0].line_item_id, made.lines[0].tracking) == ("item-31001", ())


def test_nothing_is_kept_of_a_voided_invoice() -> None:
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": BY_HAND}, status="VOIDED")
    made = document(bill(), [line()], linked=linked, standing=there)
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX)]
    assert (made.lines[0].line_item_id, made.invoice_id) == ("", None)


def test_an_adopted_invoice_whose_lines_are_not_known_is_mapped_anew() -> None:
    there, _ = sent_invoice(document(bill(), [line()]), {"31001": BY_HAND})
    made = document(bill(), [line()], linked={}, standing=there)
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX)]
    assert made.invoice_id == "inv-1"


def test_kept_coding_still_gives_clios_tax() -> None:
    # The bookkeeper moved the line to 7 %; Clio charges 5 %.
    record = bill(due="1050.00", tax_rate="5", total_tax="50.00")
    there, linked = sent_invoice(document(record, [line(taxable=True, tax="50.00")]), {"31001": {"tax_type": PST}})
    made = document(record, [line(taxable=True, tax="50.00", note="Amended")], linked=linked, standing=there)
    assert (made.lines[0].tax_type, made.lines[0].tax_amount) == (PST, Decimal("50.00"))


def test_a_new_discount_on_a_kept_line_follows_that_line() -> None:
    there, linked = sent_invoice(document(bill(), [line()]), {"31001": BY_HAND})
    reduced = line(total="900.00", discount=percent("10"))
    made = document(bill(due="900.00"), [reduced], linked=linked, standing=there)
    assert figures(made)[1] == ("31001:discount", "-100.00", "290", NO_TAX)
    assert made.lines[1].tracking == (NORTH,)


def test_a_line_discount_keeps_its_own_coding() -> None:
    reduced = line(total="900.00", discount=percent("10"))
    there, linked = sent_invoice(document(bill(due="900.00"), [reduced]), {"31001:discount": {"account_code": "295"}})
    again = line(total="800.00", discount=percent("20"))
    made = document(bill(due="800.00"), [again], linked=linked, standing=there)
    assert figures(made)[1] == ("31001:discount", "-200.00", "295", NO_TAX)
    assert made.lines[1].line_item_id == "item-31001:discount"


def test_a_bill_discount_keeps_its_own_coding() -> None:
    sent = document(bill(due="900.00", discount=percent("10")), [line()])
    there, linked = sent_invoice(sent, {"discount:0": {"account_code": "295", "tracking": (NORTH,)}})
    made = document(bill(due="800.00", discount=percent("20")), [line()], linked=linked, standing=there)
    assert figures(made)[1] == ("discount:0", "-200.00", "295", NO_TAX)
    assert made.lines[1].tracking == (NORTH,)


def test_a_bill_discount_follows_lines_that_were_moved_to_another_account() -> None:
    sent = document(bill(due="900.00", discount=percent("10")), [line()])
    there, linked = sent_invoice(sent, {"31001": BY_HAND})
    made = document(bill(due="900.00", discount=percent("10")), [line(note="Amended")], linked=linked, standing=there)
    assert figures(made)[1] == ("discount:0", "-100.00", "290", NO_TAX)
    assert made.lines[1].line_item_id == "item-discount:0"


def test_a_bill_discount_keeps_its_key_when_another_group_comes_before_it() -> None:
    sent = document(bill(due="135.00", discount=percent("10")), [expense()])
    there, linked = sent_invoice(sent, {"discount:0": {"account_code": "495"}})
    made = document(bill(due="1035.00", discount=percent("10")), [line(), expense()], linked=linked, standing=there)
    assert figures(made)[2:] == [
        ("discount:1", "-100.00", "200", NO_TAX),
        ("discount:0", "-15.00", "495", NO_TAX),
    ]
    assert [one.line_item_id for one in made.lines[2:]] == ["", "item-discount:0"]


def test_interest_keeps_its_coding() -> None:
    record = bill(due="1012.00", interest_total="12.00")
    there, linked = sent_invoice(document(record, [line()]), {"interest": BY_HAND})
    made = document(record, [line(note="Amended")], linked=linked, standing=there, rules=rules(interest_account=""))
    assert figures(made)[1] == ("interest", "12.00", "290", NO_TAX)
    assert made.lines[1].tracking == (NORTH,)


def test_a_text_line_keeps_its_place() -> None:
    there, linked = sent_invoice(document(bill(due="0.00"), []))
    made = document(bill(due="0.00", subject="Advice"), [], linked=linked, standing=there)
    assert made.lines[0].line_item_id == "item-empty"


def test_discount_keys_are_the_lowest_free_ones() -> None:
    linked = {
        "discount:1": LinkedLine("b", "", "discount:400:NONE"),
        "31001:discount": LinkedLine("x", "", "discount:200:NONE"),
    }
    standing = Standing(linked, {})
    codings = ["discount:200:NONE", "discount:210:NONE", "discount:400:NONE"]
    assert standing.discount_keys(codings=codings) == ["discount:0", "discount:2", "discount:1"]


def test_a_rate_archived_since_does_not_stop_an_update_of_a_kept_line() -> None:
    record = bill(due="1050.00", tax_rate="5", total_tax="50.00")
    there, linked = sent_invoice(document(record, [line(taxable=True, tax="50.00")]))
    archived = rules(tax_rates={GST: tax_rate(GST, "5", "ARCHIVED")})
    edited = line(taxable=True, tax="50.00", note="Amended")
    made = document(record, [edited], linked=linked, standing=there, rules=archived)
    assert (made.lines[0].tax_type, made.lines[0].tax_amount) == (GST, None)


def test_a_resync_codes_every_line_anew_and_keeps_ids_and_tracking() -> None:
    sent = document(bill(due="1150.00"), [line(), expense()])
    there, linked = sent_invoice(sent, {"31001": {**BY_HAND, "tax_type": PST}})
    made = document(bill(due="1150.00"), [line(), expense()], linked=recoded(linked), standing=there)
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX), ("32001", "150.00", "400", NO_TAX)]
    assert [one.line_item_id for one in made.lines] == ["item-31001", "item-32001"]
    assert made.lines[0].tracking == (NORTH,)


def test_a_resync_moves_no_interest_onto_a_sent_invoice() -> None:
    there, linked = sent_invoice(document(bill(), [line()]))
    charged = bill(due="1010.00", interest_total="10.00")
    made = document(charged, [line()], linked=recoded(linked), standing=there)
    assert figures(made) == [("31001", "1000.00", "200", NO_TAX)]


def test_a_resync_keeps_the_discounts_line_and_its_tracking() -> None:
    record = bill(due="900.00", discount=money("100.00"))
    sent = document(record, [line()])
    there, linked = sent_invoice(sent, {"discount:0": {"account_code": "290", "tracking": (NORTH,)}})
    made = document(record, [line()], linked=recoded(linked), standing=there)
    discount = made.lines[1]
    assert (discount.line_item_id, discount.account_code, discount.tracking) == ("item-discount:0", "200", (NORTH,))
