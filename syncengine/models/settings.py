"""A firm's settings, its category accounts, and what was last read of its Xero chart and Clio categories."""

from django.conf import settings
from django.db import models

from accounts.firm_scope import TenantModel


class SyncSettings(TenantModel):
    """The Xero settings page (BEHAVIOUR §3). Accounts are Xero AccountIDs, taxes are TaxTypes; empty means none.

    `version` rises with every save, so that a stale form is refused rather than written over somebody's change.
    """

    export_bills = models.BooleanField(default=False)
    time_entries_account = models.CharField(max_length=64, default="", blank=True)
    expenses_account = models.CharField(max_length=64, default="", blank=True)
    interest_account = models.CharField(max_length=64, default="", blank=True)
    credit_notes_account = models.CharField(max_length=64, default="", blank=True)
    #: Where online payments go; empty: to the bank account, like all others.
    clio_payments_account = models.CharField(max_length=64, default="", blank=True)
    #: "Match Clio payments to Xero bank account"; empty: no payments are sent at all.
    payment_bank_account = models.CharField(max_length=64, default="", blank=True)
    bills_issued_from = models.DateField(null=True, blank=True)
    bills_issued_to = models.DateField(null=True, blank=True)
    only_approved_bills = models.BooleanField(default=True)
    append_contact_ids = models.BooleanField(default=False)
    #: Clio contact ids that get their ID appended one by one, as a remedy (BEHAVIOUR §4).
    append_id_for = models.JSONField(default=list, blank=True)
    tax_none = models.CharField(max_length=64, default="", blank=True)
    tax_primary = models.CharField(max_length=64, default="", blank=True)
    tax_secondary = models.CharField(max_length=64, default="", blank=True)
    tax_both = models.CharField(max_length=64, default="", blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm"], name="settings_once_a_firm")]

    def __str__(self) -> str:
        return f"settings {self.pk}"


class CategoryAccount(TenantModel):
    """The account a firm chose for a Clio category. No row: what Clio itself holds is in force, else the default."""

    class Kind(models.TextChoices):
        SERVICE = "service", "Activity category"
        EXPENSE = "expense", "Expense category"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    clio_id = models.BigIntegerField()
    #: Xero's AccountID; empty: the firm chose the default although Clio holds a code.
    account_id = models.CharField(max_length=64, default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "kind", "clio_id"], name="category_account_once")]

    def __str__(self) -> str:
        return f"{self.kind} category {self.clio_id}"


class ReferenceList(TenantModel):
    """A short list read whole from Clio or Xero: chart, tax rates, organisation, categories."""

    class Name(models.TextChoices):
        ACCOUNTS = "accounts", "Xero accounts"
        TAX_RATES = "tax_rates", "Xero tax rates"
        ORGANISATION = "organisation", "Xero organisation"
        CATEGORIES = "categories", "Clio categories"

    name = models.CharField(max_length=16, choices=Name.choices)
    payload = models.JSONField()
    digest = models.CharField(max_length=32)
    refreshed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["firm", "name"], name="reference_list_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
