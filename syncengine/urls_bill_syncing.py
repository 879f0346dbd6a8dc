"""Addresses below /bill-syncing/xero/."""

from django.urls import path

from syncengine.views import bill_syncing, problems, records, remedies, review, tie_out

urlpatterns = [
    path("", bill_syncing.bill_syncing, name="bill_syncing"),
    path("live/", bill_syncing.live, name="bill_syncing_live"),
    path("status/", bill_syncing.status, name="sync_status"),
    path("sync-now/", bill_syncing.sync_now, name="sync_now"),
    path("bills.csv", bill_syncing.bills_file, name="bills_file"),
    path("bills/<int:clio_id>/", records.bill, name="bill_record"),
    path("bills/<int:clio_id>/resync/", records.resync, name="resync"),
    path("contacts/<int:clio_id>/", records.contact, name="contact_record"),
    path("compare/", tie_out.tie_out, name="tie_out"),
    path("compare/now/", tie_out.compare_now, name="compare_now"),
    path("review/", review.review, name="review"),
    path("errors/", problems.errors, name="errors"),
    path("errors/retry-all/", problems.retry_all, name="retry_all"),
    path("errors/<int:error_id>/", problems.cause, name="cause"),
    path("errors/<int:error_id>/retry/", problems.retry, name="retry"),
    path("errors/<int:error_id>/retry-cause/", problems.retry_cause, name="retry_cause"),
    path("errors/<int:error_id>/ignore/", problems.ignore, name="ignore"),
    path("errors/<int:error_id>/ignore-cause/", problems.ignore_cause, name="ignore_cause"),
    path("errors/<int:error_id>/undo/", problems.undo_ignore, name="undo_ignore"),
    path("errors/<int:error_id>/undo-cause/", problems.undo_cause, name="undo_cause"),
    path("errors/<int:error_id>/contacts/", remedies.contacts, name="contact_choice"),
    path("errors/<int:error_id>/link/", remedies.link, name="link_contact"),
    path("errors/<int:error_id>/append-id/", remedies.append_id, name="append_id"),
    path("errors/<int:error_id>/new-contact/", remedies.renew_contact, name="renew_contact"),
    path("errors/<int:error_id>/account/", remedies.choose_account, name="choose_account"),
    path("errors/<int:error_id>/invoices/", remedies.holders, name="number_holders"),
    path("errors/<int:error_id>/adopt/", remedies.adopt, name="adopt_invoice"),
    path("errors/<int:error_id>/renumber/", remedies.renumber, name="renumber_bill"),
    path("errors/<int:error_id>/choose/", remedies.choose, name="choose"),
]
