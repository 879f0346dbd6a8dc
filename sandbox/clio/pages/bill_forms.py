"""The forms that change a bill and its lines."""

from decimal import Decimal

from sandbox.clio.pages.choices import categories, client_field
from sandbox.clio.rules import NEXT
from sandbox.firm.billing import Bill, Discount, Line
from sandbox.firm.store import Store
from sandbox.web import forms

# In each state: what a person presses to bring a bill there, and whether it cannot be taken back.
_STEPS = {
    "awaiting_payment": ("Approve", False),
    "awaiting_approval": ("Send for approval", False),
    "draft": ("Back to draft", False),
    "void": ("Void this bill", True),
    "deleted": ("Delete this bill", True),
}
DISCOUNTS = (("", "None"), ("percentage", "Percentage"), ("money", "Amount"))
_KINDS = (("Service", "Service"), ("Expense", "Expense"))


def state_forms(bill: Bill) -> list[forms.Form]:
    """A button for each state that the bill may be brought to."""
    return [
        forms.Form(name="set-state", about=state, button=_STEPS[state][0], grave=_STEPS[state][1])
        for state in NEXT[bill.state]
    ]


def edit_form(store: Store, bill: Bill) -> forms.Form:
    """What stands at the head of a bill."""
    return forms.Form(
        name="edit-bill",
        title="Edit this bill",
        button="Save",
        fields=[
            forms.text("number", bill.number, needed=True),
            client_field(store, bill.client_id),
            forms.day("issued_at", bill.issued_at, needed=True),
            forms.day("due_at", bill.due_at),
            forms.text("purchase_order", bill.purchase_order),
            forms.text("subject", bill.subject),
            forms.amount("tax_rate", percentage(bill.tax_rate), label="Tax rate in per cent"),
            forms.amount(
                "secondary_tax_rate", percentage(bill.secondary_tax_rate), label="Secondary tax rate in per cent"
            ),
            *_discount_fields(bill.discount),
            forms.text("discount_note", bill.discount.note if bill.discount else ""),
            forms.tick("discount_services_only", on=bill.discount_services_only, label="Discount on services only"),
            forms.long_text("memo", bill.memo),
        ],
    )


def _discount_fields(discount: Discount | None) -> list[forms.Field]:
    rate = ""
    if discount is not None:
        rate = percentage(discount.rate) if discount.type == "percentage" else hundredths(discount.rate)
    return [
        forms.choice("discount_type", discount.type if discount else "", DISCOUNTS, label="Discount"),
        forms.amount("discount_rate", rate, label="Discount: per cent or amount"),
    ]


def line_forms(store: Store, line: Line) -> list[forms.Form]:
    """Change or remove one line. A summary rolls up others, so nothing of it can be changed."""
    about, of = str(line.id), f"{line.description}, {line.date.isoformat()}"
    remove = forms.Form(name="remove-line", about=about, of=of, button="Remove this line", grave=True)
    if line.type == "SummaryLineItem":
        return [remove]
    fields = _line_fields(store, line)
    change = forms.Form(name="change-line", about=about, of=of, title="Change", button="Save", fields=fields)
    return [change, remove]


def _line_fields(store: Store, line: Line) -> list[forms.Field]:
    activity = store.activities.find(line.activity_id)
    category = ""
    if activity and activity.service_category_id:
        category = f"service-{activity.service_category_id}"
    elif activity and activity.expense_category_id:
        category = f"expense-{activity.expense_category_id}"
    return [
        forms.day("date", line.date, needed=True),
        forms.text("description", line.description),
        forms.choice("kind", line.kind, _KINDS),
        forms.choice("category", category, [("", "None")], groups=categories(store)),
        forms.amount("quantity", hundredths(line.quantity), label="Quantity (hours)", needed=True),
        forms.amount("price", hundredths(line.price), needed=True),
        *_discount_fields(line.discount),
        forms.tick("taxable", on=line.taxable),
        forms.tick("secondary_taxable", on=line.secondary_taxable, label="Secondary tax"),
        forms.long_text("note", line.note),
    ]


def add_line_form(store: Store, bill: Bill) -> forms.Form:
    """A new line."""
    return forms.Form(
        name="add-line",
        title="Add a line",
        button="Add it",
        fields=[
            forms.day("date", bill.issued_at, needed=True),
            forms.text("description", "Work done"),
            forms.choice("kind", "Service", _KINDS),
            forms.choice("category", "", [("", "None: by hand")], groups=categories(store)),
            forms.amount("quantity", "1", label="Quantity (hours)", needed=True),
            forms.amount("price", "250.00", needed=True),
            forms.tick("taxable", on=bill.tax_rate > 0),
            forms.long_text("note"),
        ],
    )


def oddity_forms() -> list[forms.Form]:
    """What goes wrong, or goes on unseen, in a real Clio."""
    return [
        forms.Form(name="touch-bill", button="Move its time of change"),
        forms.Form(name="break-bill", button="Make its figures not add up"),
        forms.Form(name="mend-bill", button="Work its figures out anew"),
        forms.Form(name="vanish-bill", button="Let it vanish without a trace", grave=True),
    ]


def percentage(thousandths: int) -> str:
    """Thousandths of a percent as a percentage to edit: 13, 12.5; nothing for none."""
    return f"{(Decimal(thousandths) / 1000).normalize():f}" if thousandths else ""


def hundredths(value: int) -> str:
    """Cents or hundredths of an hour as a number to edit: 1207.50."""
    return f"{Decimal(value) / 100:.2f}"
