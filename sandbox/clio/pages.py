"""The few pages of the stand-in Clio, plainly labelled as a stand-in."""

from collections.abc import Iterable, Mapping
from html import escape

from werkzeug.wrappers import Response

from sandbox.clio.shape import moment_text
from sandbox.firm.billing import Bill
from sandbox.firm.store import Store

LABEL = "Stand-in Clio — not Clio"
NEWEST = 50
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%;margin-bottom:1.5rem}"
    "td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}.label{background:#fff3cd;padding:.4rem .8rem}"
    "button{font:inherit;padding:.4rem 1rem;margin-right:.6rem}"
)
# Deep links name the bill after the #, which only a script can read.
_FOLLOW = "if(location.hash.length>2)location.replace('/stand-in'+location.hash.slice(1))"


def _page(title: str, body: str, *, status: int = 200) -> Response:
    html = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)} · {LABEL}</title>"
        f"<meta name='viewport' content='width=device-width'><style>{_STYLE}</style></head>"
        f"<body><p class='label'>{LABEL}. Invented data for trying things out.</p>"
        f"<h1>{escape(title)}</h1>{body}</body></html>"
    )
    return Response(html, status=status, content_type="text/html; charset=utf-8")


def amount(cents: int) -> str:
    """Cents as text: 1,207.50."""
    return f"{cents / 100:,.2f}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], figures: int) -> str:
    """A table whose last `figures` columns are amounts; cells are HTML already."""
    names = list(heads)
    first = len(names) - figures

    def cells(values: Iterable[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if place >= first else ''}>{value}</{tag}>" for place, value in enumerate(values)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{cells(names, 'th')}</tr></thead><tbody>{body}</tbody></table>"


def home_page(store: Store) -> Response:
    """The newest bills with their totals."""
    newest = [store.bills.rows[row_id] for row_id in reversed(store.bills.ids[-NEWEST:])]
    rows = (
        (
            f"<a href='/nc/#/bills/{bill.id}'>{escape(bill.number)}</a>",
            _client(store, bill),
            bill.issued_at.isoformat(),
            escape(bill.state.replace("_", " ")),
            amount(bill.due),
            amount(bill.balance),
        )
        for bill in newest
    )
    table = _table(("Bill", "Client", "Issued", "State", "Due", "Balance"), rows, 2)
    count = f"<p>{escape(store.account.name)}: {len(store.bills)} bills; the newest {len(newest)} are shown.</p>"
    return _page("Bills", count + table)


def deep_link_page() -> Response:
    """/nc/: where links to a bill lead; goes on to the bill that the address names."""
    return _page("Bills", f"<p><a href='/'>All bills</a></p><script>{_FOLLOW}</script>")


def bill_page(store: Store, bill: Bill) -> Response:
    """One bill with its lines and the money on it."""
    lines = (
        (
            line.date.isoformat(),
            escape(f"{line.description}: {(line.note or '')[:120]}".rstrip(": ")),
            escape(line.type.removesuffix("LineItem") or "By hand"),
            f"{line.quantity / 100:g}",
            amount(line.price),
            amount(line.total),
            amount(line.tax + line.secondary_tax),
        )
        for line in store.lines_of(bill.id)
    )
    money = (
        (
            row.date.isoformat(),
            "Payment" if row.parent_type == "Payment" else "Credit",
            "voided" if row.voided_at else "",
            amount(row.amount),
        )
        for row in store.allocations_of(bill.id)
    )
    figures = (
        (name, amount(value))
        for name, value in (
            ("Sub-total", bill.sub_total),
            ("Tax", bill.total_tax),
            ("Interest", bill.interest),
            ("Total", bill.total),
            ("Due", bill.due),
            ("Paid", bill.paid),
            ("Credits", bill.credits_issued),
            ("Balance", bill.balance),
        )
    )
    about = (
        f"<p>{_client(store, bill)} · {escape(bill.state.replace('_', ' '))} · issued {bill.issued_at} · "
        f"changed {moment_text(bill.updated_at)} · <a href='/'>All bills</a></p>"
    )
    return _page(
        f"Bill {bill.number}",
        about
        + _table(("Date", "What", "Kind", "Quantity", "Price", "Amount", "Tax"), lines, 4)
        + _table(("", ""), figures, 1)
        + _table(("Date", "Money", "", "Amount"), money, 1),
    )


def _client(store: Store, bill: Bill) -> str:
    client = store.contacts.find(bill.client_id)
    return escape(client.name or "") if client else "—"


def message_page(title: str, text: str, *, status: int = 200) -> Response:
    """A page that says one thing."""
    return _page(title, f"<p>{escape(text)}</p>", status=status)


def approval_page(code: str) -> Response:
    """Shows an authorization code."""
    return _page("Authorized", f"<p>Your code:</p><p><code id='code'>{escape(code)}</code></p>")


def consent_page(firm: str, client_id: str, params: Mapping[str, str]) -> Response:
    """Asks whether an application may see the firm's data; posts the answer back."""
    hidden = "".join(
        f"<input type='hidden' name='{escape(name)}' value='{escape(value, quote=True)}'>"
        for name, value in params.items()
    )
    return _page(
        "Connect an application",
        f"<p>The application <strong>{escape(client_id)}</strong> asks to see and change the data of "
        f"<strong>{escape(firm)}</strong>.</p><form method='post' action='/oauth/authorize'>{hidden}"
        "<button name='decision' value='allow'>Allow access</button>"
        "<button name='decision' value='decline'>Decline</button></form>",
    )
