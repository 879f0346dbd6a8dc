"""Xero's messages about contacts (X 6.1 to 6.5, 3.1, 3.2)."""

from typing import Final

from syncengine.xero.remedies.row import CONTACT, DOCUMENTS, Row

ROWS: Final = (
    Row(
        "contact_name_taken",
        r"The contact name (?P<what>.*?) is already assigned to another contact",
        "The contact {what} is already assigned to another contact.",
        (
            "Link it to that contact in Xero, if it is the same person or company.",
            "Append the Clio ID to this contact's name, if it is another one.",
            "Rename it in Clio.",
            "Move its bills to the other contact in Clio.",
        ),
        CONTACT,
    ),
    Row(
        "contact_number_taken",
        r"Another contact has this contact number",
        "Another contact in Xero already carries this client's Clio number.",
        (
            "Look for the contact with that number in Xero, archived ones too, and link to it.",
            "Clear the number there and try again.",
        ),
        CONTACT,
    ),
    Row(
        "contact_archived",
        r"archived contact|has been archived\. The contact must be un-archived|status 'ARCHIVED' is not valid",
        "The contact is archived in Xero.",
        ("Restore the contact in Xero.", "Link the client to another contact in Xero."),
        CONTACT | DOCUMENTS,
    ),
    Row(
        "contact_unnamed",
        r"must contain at least 1 of the following elements to identify the contact",
        "The contact has no name that Xero could take.",
        ("Give the contact a name in Clio, or let the connected user see it.",),
        CONTACT,
    ),
    Row(
        "contact_name_invalid",
        r"contact name cannot contain the characters",
        "The contact's name has a character that Xero does not take.",
        ("Take < and > out of the contact's name in Clio.",),
        CONTACT,
    ),
    Row(
        "contact_people",
        r"Additional people cannot be added when the primary person has no email address",
        "The contact has further people in Xero, but no e-mail address of its own.",
        ("Give the contact an e-mail address in Clio.", "Remove its further people in Xero."),
        CONTACT,
    ),
    Row(
        "contact_too_many_people",
        r"at most 5 additional people",
        "The contact has more further people than Xero takes.",
        ("Remove some of its further people in Xero.",),
        CONTACT,
    ),
    Row(
        "website_invalid",
        r"website.*(invalid|must be valid)|(invalid|not a valid) website",
        "Xero does not accept the web address of the contact.",
        ("Correct the contact's web address in Xero.",),
        CONTACT,
    ),
    Row(
        "email_invalid",
        r"Email address must be valid|e-?mail( address)? is (invalid|not valid)",
        "Xero does not accept the e-mail address.",
        ("Correct the e-mail address in Clio.",),
        CONTACT,
    ),
    Row(
        "country_invalid",
        r"Country must contain letters only",
        "Xero does not accept the country of the address.",
        ("Write the country of the contact's address in Clio with letters only.",),
        CONTACT,
    ),
    Row(
        "contact_gone",
        r"existing Contact with the specified ContactID could not be found",
        "The contact is no longer in this Xero organisation.",
        ("Link the client to another contact in Xero.",),
        CONTACT | DOCUMENTS,
    ),
)
