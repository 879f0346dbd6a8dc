"""The forms for payments, credits and interest on a bill."""

from datetime import date

from sandbox.clio.pages.bill_forms import hundredths
from sandbox.firm.billing import Allocation, Bill
from sandbox.web import forms


def record_form(bill: Bill, today: date) -> forms.Form:
    """Record a payment: the whole balance unless told otherwise."""
    return forms.Form(
        name="record-payment",
        title="Record a payment",
        button="Record it",
        fields=[
            forms.amount("amount", hundredths(bill.balance), needed=True),
            *_how(today),
            forms.tick("interest", label="Pays interest"),
        ],
    )


def _how(today: date) -> list[forms.Field]:
    return [
        forms.day("date", today, needed=True),
        forms.text("reference", hint="A cheque number, for example."),
        forms.tick("online", label="Online, by Clio Payments"),
        forms.tick("from_trust", label="From the trust account"),
    ]


def several_form(bills: list[Bill], today: date) -> forms.Form:
    """One payment for several bills of a client: an amount beside each."""
    return forms.Form(
        name="pay-bills",
        title="Record one payment for several bills",
        button="Record it",
        fields=[
            *(
                forms.amount(
                    f"part-{bill.id}", label=f"For bill {bill.number}", hint=f"{hundredths(bill.balance)} is owed."
                )
                for bill in bills
            ),
            *_how(today),
        ],
        note="Bills without an amount are left out.",
    )


def payment_forms(row: Allocation) -> list[forms.Form]:
    """Edit, void (an online one: refund), delete, list twice."""
    about, of = str(row.id), f"payment of {hundredths(row.amount)}, {row.date.isoformat()}"
    delete = forms.Form(name="delete-payment", about=about, of=of, button="Delete", grave=True)
    if row.voided_at:
        return [delete]
    edit = forms.Form(
        name="edit-payment",
        about=about,
        of=of,
        title="Edit",
        button="Save",
        fields=[
            forms.amount("amount", hundredths(row.amount), needed=True),
            forms.day("date", row.date, needed=True),
            forms.text("identifier", row.identifier, label="Reference"),
            forms.tick("interest", on=row.interest, label="Pays interest"),
        ],
    )
    void = forms.Form(name="void-payment", about=about, of=of, button="Refund" if row.online else "Void", grave=True)
    twice = forms.Form(name="list-twice", about=about, of=of, button="List it twice")
    return [edit, void, delete, twice]


def write_off_form(bill: Bill, today: date) -> forms.Form:
    """Credit a bill."""
    return forms.Form(
        name="write-off",
        title="Write off (credit note)",
        button="Write it off",
        fields=[
            forms.amount("amount", hundredths(bill.balance), needed=True),
            forms.day("date", today, needed=True),
            forms.text("description", "Write-off"),
            forms.tick("discount", label="As a discount"),
        ],
    )


def credit_forms(row: Allocation) -> list[forms.Form]:
    """Change, void or delete the credit behind an allocation."""
    about, of = str(row.parent_id), f"credit of {hundredths(row.amount)}, {row.date.isoformat()}"
    delete = forms.Form(name="delete-credit", about=about, of=of, button="Delete", grave=True)
    if row.voided_at:
        return [delete]
    change = forms.Form(
        name="edit-credit",
        about=about,
        of=of,
        title="Change",
        button="Save",
        fields=[
            forms.amount("amount", hundredths(row.amount), needed=True),
            forms.day("date", row.date, needed=True),
            forms.text("description", row.description),
        ],
    )
    return [change, forms.Form(name="void-credit", about=about, of=of, button="Void", grave=True), delete]


def interest_form(today: date) -> forms.Form:
    """Charge interest on the bill or on a bill of its own."""
    return forms.Form(
        name="charge-interest",
        title="Charge interest",
        button="Charge it",
        fields=[
            forms.amount("amount", "12.00", needed=True),
            forms.day("date", today, needed=True),
            forms.tick("own_bill", label="On a bill of its own"),
            forms.tick("on_original", on=True, label="This bill's due holds it too"),
        ],
        note="Whether a bill still holds interest that has a bill of its own is not known of Clio; both can be tried.",
    )
