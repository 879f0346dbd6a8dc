"""What each resource is asked for: one constant a resource, since one unknown field fails the whole request (C 2.8)."""

from typing import Final

FIELDS: Final = {
    "bills": (
        "id,etag,number,state,kind,issued_at,due_at,updated_at,subject,purchase_order,tax_rate,secondary_tax_rate,"
        "tax_sum,secondary_tax_sum,sub_total,services_sub_total,total_tax,total,due,paid,pending,balance,"
        "credits_issued,discount_services_only,"
        "client{id,name},matters{id,display_number},currency{id,code},discount{rate,type,note},"
        "interest{balance,total},original_bill{id,number}"
    ),
    "line_items": (
        "id,etag,type,kind,date,description,note,price,quantity,sub_total,total,tax,secondary_tax,taxable,"
        "secondary_taxable,group_ordering,updated_at,bill{id},matter{id,display_number},user{id,name},"
        "discount{rate,type,note},activity{id,type,activity_description,expense_category}"
    ),
    "contacts": (
        "id,etag,type,name,first_name,last_name,primary_email_address,updated_at,"
        "email_addresses{id,name,address,primary},phone_numbers{id,name,number,primary},"
        "addresses{id,name,street,city,province,postal_code,country,primary}"
    ),
    "allocations": (
        "id,etag,date,amount,interest,description,voided_at,has_online_payment,updated_at,"
        "bill{id},contact{id},parent{id,type,identifier},source_bank_account{id,type}"
    ),
    "interest_charges": "id,date,description,total,bill{id}",
    "activities": "id,type,activity_description{id},expense_category{id}",
    "activity_descriptions": "id,name,xero_service_code",
    "expense_categories": "id,name,entry_type,xero_expense_code",
    "settings/billing": "tax_name,tax_rate,secondary_tax_name,secondary_tax_rate,use_secondary_tax",
    "users/who_am_i": "id,name,email,account{id,name,created_at,country}",
}

#: Where Clio's spec allows an order; cursor paging, which has no end, needs it (C 2.12).
ORDERED: Final = frozenset({"bills", "contacts", "allocations", "activities", "expense_categories"})
