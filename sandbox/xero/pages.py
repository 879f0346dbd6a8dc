"""Plain pages of the stand-in: consent, the newest invoices, one document. Each says that it is not Xero."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape

from werkzeug.wrappers import Response

from sandbox.xero.books import Books
from sandbox.xero.entities import Contact, Document
from sandbox.xero.grants import User

LABEL = "Stand-in Xero — not Xero"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#17202c;background:#fbfaf7;max-width:60rem;margin:0 auto;"
    "padding:1rem}header{border-bottom:1px solid #b9b4a6;margin-bottom:1rem}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #e0dccf;vertical-align:top}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}button{font:inherit;padding:.4rem 1rem;margin-right:.5rem}"
    "fieldset{border:1px solid #b9b4a6;margin:0 0 1rem}[role=alert]{color:#9b1c1c}"
)


def page(title: str, body: str, *, status: int = 200) -> Response:
    """A page under the label."""
    return Response(
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' "
        f"content='width=device-width'><title>{escape(title)} · {LABEL}</title><style>{_STYLE}</style></head>"
        f"<body><header><strong>{LABEL}</strong></header><main><h1>{escape(title)}</h1>{body}</main></body></html>",
        status=status,
        content_type="text/html; charset=utf-8",
    )


def message(title: str, text: str, *, status: int = 200) -> Response:
    """A page with one sentence."""
    return page(title, f"<p>{escape(text)}</p>", status=status)


def consent(asked: Mapping[str, str], organisations: list[Books], users: Iterable[User], problem: str = "") -> Response:
    """Who logs in, which organisations, which scopes; allow or decline. Only the first organisation is ticked."""
    hidden = "".join(
        f"<input type='hidden' name='{escape(name)}' value='{escape(value)}'>" for name, value in asked.items()
    )
    who = "".join(
        f"<label><input type='radio' name='user' value='{escape(user.email)}'{' checked' if place == 0 else ''}> "
        f"{escape(user.name)} ({escape(user.email)})</label><br>"
        for place, user in enumerate(users)
    )
    which = "".join(
        f"<label><input type='checkbox' name='organisation' value='{escape(books.tenant_id)}'"
        f"{' checked' if place == 0 else ''}> {escape(books.profile.name)}</label><br>"
        for place, books in enumerate(organisations)
    )
    listed = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in asked["scope"].split())
    alert = f"<p role='alert'>{escape(problem)}</p>" if problem else ""
    body = (
        f"<p>{escape(asked['client_id'])} asks for access. This page belongs to a stand-in for tests and demos: no "
        f"password is asked for and no real books are behind it.</p>{alert}"
        f"<form method='post'>{hidden}<fieldset><legend>Log in as</legend>{who}</fieldset>"
        f"<fieldset><legend>Organisations to connect</legend>{which}</fieldset>"
        f"<p>It will be able to use:</p><ul>{listed}</ul>"
        "<button name='decision' value='allow'>Allow access</button>"
        "<button name='decision' value='decline'>Cancel</button></form>"
    )
    return page("Connect an organisation", body, status=400 if problem else 200)


def home(organisations: list[Books]) -> Response:
    """The newest invoices of every organisation."""
    parts = []
    for books in organisations:
        with books.lock:
            newest = books.invoices.in_order()[-25:][::-1]
            rows = "".join(_invoice_row(books, row) for row in newest)
        table = (
            "<table><thead><tr><th>Invoice</th><th>Contact</th><th>Date</th><th>Status</th><th class='n'>Total</th>"
            f"<th class='n'>Due</th></tr></thead><tbody>{rows}</tbody></table>"
        )
        parts.append(f"<h2>{escape(books.profile.name)}</h2>{table if rows else '<p>No invoices yet.</p>'}")
    return page("Newest invoices", "".join(parts))


def _invoice_row(books: Books, row: Document) -> str:
    contact = books.contacts.must(row.contact_id)
    return (
        f"<tr><td><a href='/app/invoice/{row.id}'>{escape(row.number or row.id)}</a></td>"
        f"<td><a href='/app/contact/{contact.id}'>{escape(contact.name)}</a></td><td>{row.date.isoformat()}</td>"
        f"<td>{row.status}</td>{_amount(row.total, row.currency)}{_amount(row.outstanding, row.currency)}</tr>"
    )


def _amount(amount: Decimal, currency: str = "") -> str:
    return f"<td class='n'>{f'{amount:,.2f}'.replace('-', chr(0x2212))} {escape(currency)}</td>"


def document(books: Books, row: Document) -> Response:
    """One invoice, credit note or bank transaction, with its lines and what settles it."""
    contact = books.contacts.must(row.contact_id)
    facts = {
        "Contact": contact.name,
        "Status": row.status,
        "Reference": row.reference,
        "Date": row.date.isoformat(),
        "Due": row.due_date.isoformat() if row.due_date else "",
        "Source": row.url,
        "Currency": row.currency,
        "Amounts are": row.amount_types,
    }
    lines = "".join(
        f"<tr><td>{escape(line.description)}</td><td>{_account(books, line.account_id)}</td><td>{line.tax_type}</td>"
        f"{_amount(line.tax_amount)}{_amount(line.line_amount)}</tr>"
        for line in row.lines
    )
    sums = (("Subtotal", row.subtotal), ("Tax", row.tax), ("Total", row.total), ("Due", row.outstanding))
    body = (
        f"{_facts(facts)}<table><thead><tr><th>Description</th><th>Account</th><th>Tax type</th><th class='n'>Tax</th>"
        f"<th class='n'>Amount</th></tr></thead><tbody>{lines}"
        + "".join(f"<tr><th colspan='4'>{name}</th>{_amount(amount)}</tr>" for name, amount in sums)
        + f"</tbody></table>{_settled(books, row)}"
    )
    return page(f"{row.type} {row.number}".strip(), body)


def _settled(books: Books, row: Document) -> str:
    payments = [books.payments.must(payment_id) for payment_id in row.payments]
    credits_ = [books.allocations.must(allocation_id) for allocation_id in row.allocations]
    listed = [f"Payment {p.reference or p.id}: {p.amount:,.2f} on {p.date.isoformat()}" for p in payments]
    listed += [
        f"Credit {books.credit_notes.must(c.credit_note_id).number}: {c.amount:,.2f} on {c.date.isoformat()}"
        for c in credits_
    ]
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in listed)}</ul>" if listed else ""


def _account(books: Books, account_id: str) -> str:
    if not account_id:
        return ""
    account = books.accounts.must(account_id)
    return escape(f"{account.code} {account.name}".strip())


def _facts(facts: Mapping[str, str]) -> str:
    rows = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in facts.items() if value)
    return f"<table>{rows}</table>"


def contact(row: Contact) -> Response:
    """One contact."""
    facts = {
        "Status": row.status,
        "Contact number": row.number,
        "First name": row.first_name,
        "Last name": row.last_name,
        "E-mail": row.email,
        "Merged into": row.merged_to,
        **{f"Phone ({kind})": " ".join(dict(fields).values()) for kind, fields in row.phones},
        **{f"Address ({kind})": ", ".join(dict(fields).values()) for kind, fields in row.addresses},
    }
    return page(row.name, _facts(facts))
