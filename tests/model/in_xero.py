"""What people do in Xero by hand: payments, credits, reconciling, lines, voids."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.model.books import Invoice, Payment
from tests.model.in_clio import DAYS, PARTS, WHICH, InClio


def _less(one: Payment) -> dict[str, Any]:
    return {"amount": f"{(one.amount - 100) / 100:.2f}", "reference": "corrected"}


class InXero(InClio):
    """Money and documents, as a bookkeeper changes them in Xero."""

    # What is there

    def standing(self) -> list[Invoice]:
        """The approved invoices of bills, but for the witness's."""
        witness = self.clio.bills.ids[0]
        return [one for one in self.books().invoices if one.is_approved and one.bill_id != witness]

    def paid(self) -> list[tuple[Invoice, Payment]]:
        """The payments on them."""
        return [(invoice, one) for invoice in self.standing() for one in invoice.payments]

    def touch(self, invoice: Invoice, *, money: bool) -> None:
        """Somebody moved something that no run has read yet."""
        if money:
            self.unseen_money[invoice.bill_id] = self.now
        else:
            self.unseen_rest.add(invoice.bill_id)

    # What they do

    @precondition(lambda self: self.standing())
    @rule(which=WHICH, part=PARTS, days=DAYS)
    def a_payment_is_entered_by_hand(self, which: int, part: str, days: int) -> None:
        invoice = self.pick(self.standing(), which)
        cents = {"all": invoice.due, "half": invoice.due // 2}.get(part)
        self.enter_on(invoice, part if cents is None else f"{cents / 100:.2f}", days)

    @precondition(lambda self: self.standing())
    @rule(which=WHICH, part=PARTS, days=DAYS)
    def a_payment_is_entered_on_both_sides(self, which: int, part: str, days: int) -> None:
        """By hand in Xero, and in Clio too: within five days it is the same one."""
        invoice = self.pick(self.standing(), which)
        amount = self.part(invoice.bill_id, part)
        self.pay(invoice.bill_id, amount, 0)
        self.enter_on(invoice, amount, days)

    def enter_on(self, invoice: Invoice, amount: str, days: int) -> None:
        """Enter a payment on an invoice."""
        words = f"{amount} is paid on invoice {invoice.number}, dated {self.day(days)}"
        values: dict[str, Any] = {
            "invoice": invoice.id,
            "amount": amount,
            "date": self.day(days),
            "reference": "cheque",
        }
        made = self.in_xero(words, "record_payment", **values)
        if made:
            self.touch(invoice, money=True)
            self.enter(self.books().payments[made["PaymentID"]][1])

    @precondition(lambda self: self.paid())
    @rule(which=WHICH, how=st.sampled_from(["delete", "replace", "reconcile", "unreconcile"]))
    def a_payment_is_handled(self, which: int, how: str) -> None:
        invoice, one = self.pick(self.paid(), which)
        words = f"{how} payment {one.key or 'by hand'} of {one.amount} on invoice {invoice.number}"
        if how == "replace":
            made = self.in_xero(f"{words} by one of 1.00 less", "replace_payment", payment=one.id, **_less(one))
            if made:
                self.hand.payments.pop(one.id, None)
                self.touch(invoice, money=True)
                self.enter(self.books().payments[made["PaymentID"]][1])
        elif how != "delete":
            self.mark(words, how, invoice, one)
        elif self.in_xero(words, "delete_payment", payment=one.id):
            self.hand.payments.pop(one.id, None)
            self.touch(invoice, money=True)

    def mark(self, words: str, verb: str, invoice: Invoice, one: Payment) -> None:
        """Match a payment with the bank's statement, or take that back."""
        self.in_xero(words, verb, payment=one.id)
        self.touch(invoice, money=True)
        if one.id in self.hand.payments:
            self.enter(replace(one, reconciled=verb == "reconcile"))

    @precondition(lambda self: self.standing())
    @rule(which=WHICH, amount=st.sampled_from(["10", "12.34"]))
    def a_credit_is_given_by_hand(self, which: int, amount: str) -> None:
        invoice = self.pick(self.standing(), which)
        line: dict[str, Any] = {"Description": "Goodwill", "Quantity": 1, "UnitAmount": amount, "AccountCode": "260"}
        if float(amount) * 100 > invoice.due:
            return
        contact = self.office.xero.books().invoices.must(invoice.id).contact_id
        words = f"a credit note of {amount} for invoice {invoice.number}"
        values: dict[str, Any] = {"LineAmountTypes": "Inclusive", "LineItems": [{**line, "TaxType": "NONE"}]}
        note = self.in_xero(words, "add_credit_note", contact=contact, **values)
        if note:
            self.in_xero("  set against it", "allocate_credit", credit_note=note["CreditNoteID"], invoice=invoice.id)
            self.hand.notes[note["CreditNoteID"]] = round(float(amount) * 100)
            self.touch(invoice, money=False)

    @precondition(lambda self: any(one.credits for one in self.standing()))
    @rule(which=WHICH)
    def a_credit_is_taken_off_by_hand(self, which: int) -> None:
        pairs = [(invoice, one) for invoice in self.standing() for one in invoice.credits]
        invoice, one = self.pick(pairs, which)
        words = f"credit {one.key or 'by hand'} of {one.amount} is taken off invoice {invoice.number}"
        self.in_xero(words, "deallocate", credit_note=one.id, invoice=invoice.id)
        self.touch(invoice, money=False)

    @precondition(lambda self: self.standing())
    @rule(which=WHICH, what=st.sampled_from(["account", "account", "price", "void"]))
    def an_invoice_is_changed_by_hand(self, which: int, what: str) -> None:
        invoice = self.pick(self.standing(), which)
        if what == "void":
            if self.in_xero(f"invoice {invoice.number} is voided", "void_invoice", invoice=invoice.id):
                self.touch(invoice, money=False)
            return
        fields: dict[str, Any] = {"AccountCode": "200"} if what == "account" else {"UnitAmount": "77"}
        words = f"the {what} of a line of invoice {invoice.number} is changed"
        if self.in_xero(words, "edit_line", invoice=invoice.id, line=0, **fields):
            self.touch(invoice, money=False)
            if what == "price":
                self.hand.repriced.add(invoice.bill_id)
