"""The words in which Xero refuses (X 6). Where a source is not known the comment says so: the text is ours."""

# Contacts
CONTACT_ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
CONTACT_ARCHIVED_ON_DOCUMENT = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes."
)
CONTACT_STATUS_ARCHIVED = "The status 'ARCHIVED' is not valid for contacts"
CONTACT_NUMBER_TAKEN = "Another contact has this contact number. Please enter a different contact number."
CONTACT_UNIDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
EMAIL_INVALID = "Email address must be valid."
PERSONS_WITHOUT_EMAIL = "Additional people cannot be added when the primary person has no email address set."
CONTACT_NOT_FOUND = "An existing Contact with the specified ContactID could not be found"  # not confirmed
CONTACT_NAME_SIGNS = "The contact name cannot contain the characters < or >."  # not confirmed (X 7.5)
COUNTRY_LETTERS = "Country must contain letters only."  # not confirmed (X 3.2)
TOO_MANY_PERSONS = "A contact can have at most 5 additional people."  # not confirmed (X 3.1)

# Invoices, credit notes
INVOICE_NUMBER_TAKEN = "Invoice # must be unique."
CREDIT_NOTE_NUMBER_TAKEN = "Credit Note # must be unique."
DUE_DATE_MISSING = "The document DueDate field must be specified."
LOCKED_BY_SETTLEMENT = "This document cannot be edited as it has a payment or credit note allocated to it."
LINE_ID_NEEDED = "To update fields on a paid invoice line item, you must supply a LineItemID"
LINES_MISSING = "One or more line items must be specified"
CONTACT_MISSING = "A Contact must be specified for this type of transaction"
TOTAL_WRONG = "The invoice total does not equal the sum of the lines."
TOTAL_NEGATIVE = "The document total must not be less than zero."  # not confirmed
QUANTITY_NEGATIVE = "The line item quantity must not be less than zero."  # not confirmed (peers 5)
LINE_TOO_LARGE = "The line total must not be more than 9,999,999,999.99."  # not confirmed (X 3.5)
LINE_ID_UNKNOWN = "The LineItemID was not found on this document."  # not confirmed
DESCRIPTION_MISSING = "The line item description must be specified."  # not confirmed
PLAN_LIMIT = "You have reached the limit of invoices you can approve"

# Accounts, tax, tracking, currency
ACCOUNT_MISSING = "Account code or ID must be specified"
TAX_MISSING = "The TaxType field is mandatory"
ACCOUNT_NAME_TAKEN = "Please enter a unique Name."
ACCOUNT_CODE_TAKEN = "Please enter a unique Code."
ARCHIVE_ALONE = "The Status ARCHIVED must be sent on its own, without other values."  # not confirmed (X 7.39b)
ACCOUNT_IS_SYSTEM = "A system account cannot be archived or deleted."  # not confirmed
ACCOUNT_IN_USE = "The account has transactions and cannot be deleted."  # not confirmed
ACCOUNT_TYPE_INVALID = "Account type must be valid."  # not confirmed
ACCOUNT_CODE_NEEDED = "Account code must be specified"

# Payments and allocations
PAYMENT_TOO_LARGE = "Payment amount exceeds the amount outstanding on this document"
PAYMENT_NOT_POSITIVE = "Payment amounts must be positive amounts"
PAYMENT_NOT_AUTHORISED = "Payments can only be made against Authorised documents"
PAYMENT_STATUS = "Payment not of valid status for modification"
PAYMENT_ACCOUNT_UNKNOWN = "Account could not be found"
PAYMENT_ACCOUNT_TYPE = "Account type is invalid for making a payment to/from"
PAYMENT_IN_BATCH = "Payments within a batch cannot be deleted."
PAYMENT_RECONCILED = (  # not confirmed (X 17.2); worded after the one for bank transactions
    "This Payment cannot be deleted as it has been reconciled with a Bank Statement."
)
PAYMENT_WITHOUT_DOCUMENT = "An Invoice or Credit Note must be specified for the payment."  # not confirmed
PAYMENT_DELETE_ONLY = "Payments cannot be modified, only created and deleted."
ALLOCATION_PAID_OFF = "The invoice you are trying to allocate to has already been paid off"
ALLOCATION_TOO_LARGE = "Credit Note cannot be allocated as amount is greater than amount outstanding"
ALLOCATION_WRONG_TYPE = "Credit Note cannot be allocated to an incorrect invoice type"  # its end is not known
ALLOCATION_OTHER_CONTACT = (  # not confirmed (X 17.2)
    "Credit Note cannot be allocated to an invoice of another contact"
)
ALLOCATION_OTHER_CURRENCY = "Credit Note cannot be allocated to an invoice in another currency"  # not confirmed
ALLOCATION_STATUS = "Credit Note cannot be allocated to or from a document that is not authorised"  # not confirmed
ALLOCATION_NOT_POSITIVE = "Allocation amounts must be positive amounts"  # not confirmed

# Bank transactions
BANK_RECONCILED = "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
BANK_STATUS = "Bank Transaction not of valid status for modification"  # not confirmed
BANK_TYPE = "Bank Transaction not of valid type for creation"  # not confirmed
BANK_ACCOUNT_NEEDED = "A bank account must be specified for this type of transaction"  # not confirmed
BANK_ACCOUNT_TYPE = "The specified bank account must be an account of type BANK"  # not confirmed
BANK_TOTAL = "The total of a bank transaction must be greater than zero"  # not confirmed (X 7.34)
BANK_QUANTITY = "The line item quantity must be greater than zero"  # not confirmed (X 7.34)
BANK_UNIT_AMOUNT = "The line item unit amount must not be zero"  # not confirmed (X 7.34)


def name_taken(name: str) -> str:
    """Another active contact has the name (X 6.1)."""
    return (
        f"The contact name {name} is already assigned to another contact. "
        "The contact name must be unique across all active contacts."
    )


def too_long(field: str, most: int) -> str:
    """A text field is longer than Xero allows (not confirmed; the limits are X 3)."""
    return f"The field {field} must be a string with a maximum length of {most}."


def not_of_valid_status(word: str, doing: str) -> str:
    """A status that does not allow it (X 6.8, 6.9). `doing` is modification or creation."""
    return f"{word} not of valid status for {doing}"


def not_of_valid_type(word: str) -> str:
    """A type that cannot be created here (X 6.9)."""
    return f"{word} not of valid type for creation"


def status_blocked(status: str, word: str) -> str:
    """A status that payments or credits stand in the way of (X 6.11)."""
    return (
        f"The status {status} cannot be applied to the {word.lower()} "
        "because it has payments or credit notes allocated to it."
    )


def document_not_found(word: str, id_key: str) -> str:
    """An update names an id that is not there (X 6.14)."""
    return f"An existing {word} with the specified {id_key} could not be found"


def line_total(sent: object, expected: object) -> str:
    """LineAmount is not quantity times price (X 6.16)."""
    return f"The line total {sent} does not match the expected line total {expected}"


def discount_invalid(discount: object) -> str:
    """A discount beyond the line (X 6.17)."""
    return f"The discount rate '{discount}' is invalid. Discount must not be greater than the line total."


def account_not_valid(code: str) -> str:
    """An account that no line of this document can use (X 6.20)."""
    return f"Account code '{code}' is not a valid code for this document."


def account_archived(code: str) -> str:
    """An archived or deleted account on a line (X 6.20)."""
    return (
        f"Account code '{code}' has been archived, or has been deleted. Each line item must reference a valid account."
    )


def account_removed(code: str) -> str:
    """The warning when a draft loses an account that does not exist (X 6.21)."""
    return f"Account code '{code}' has been removed as it does not match a recognised account."


def tax_unknown(tax_type: str) -> str:
    """No such tax type, or none that may be used (X 6.22)."""
    return f"The TaxType code {tax_type} does not exist or cannot be used for this type of transaction."


def tax_not_for_account(tax_type: str, code: str) -> str:
    """A tax type that the account's class does not take (X 6.22)."""
    return f"The TaxType code '{tax_type}' cannot be used with account code '{code}'."


def currency_missing(code: str) -> str:
    """The organisation has not switched the currency on (X 6.23)."""
    return f"Organisation is not subscribed to currency {code}"


def before_lock(which: str, locked_on: str) -> str:
    """The document's date is locked (X 6.32). `which` is period or end of year."""
    return f"The document date cannot be before the {which} lock date, currently set at {locked_on}"


def edit_before_lock(which: str) -> str:
    """What stands in a locked period cannot be edited (X 6.32)."""
    return f"The document cannot be edited as it is currently dated before the {which} lock date"


def tracking_unknown(name: str) -> str:
    """A tracking category or option that is not there (not confirmed, X 17.2)."""
    return f"The tracking category or option '{name}' could not be found."
