"""The scope itself, and the rules for tenant models; no database."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from accounts.firm_scope import (
    FirmScopeError,
    NoFirmScope,
    OtherFirm,
    TenantForeignKey,
    TenantModel,
    current_firm_id,
    firm_scope,
)
from accounts.models import AuditEvent, Firm


def open_firm() -> int | None:
    try:
        return current_firm_id()
    except NoFirmScope:
        return None


def test_a_scope_names_its_firm_and_ends_with_its_block() -> None:
    with firm_scope(Firm(pk=7)):
        assert current_firm_id() == 7
    assert open_firm() is None


def test_a_scope_of_the_same_firm_may_be_nested_and_the_outer_one_stays() -> None:
    with firm_scope(7):
        with firm_scope(Firm(pk=7)):
            pass
        assert current_firm_id() == 7


def test_it_refuses_another_firm_inside_a_scope() -> None:
    with firm_scope(7):
        with pytest.raises(OtherFirm), firm_scope(8):
            pass
        assert current_firm_id() == 7


def test_an_error_inside_closes_the_scope() -> None:
    with pytest.raises(ZeroDivisionError), firm_scope(7):
        raise ZeroDivisionError
    assert open_firm() is None


def test_it_refuses_a_firm_that_is_not_saved() -> None:
    with pytest.raises(FirmScopeError, match="saved"), firm_scope(Firm()):
        pass


def test_outside_a_scope_there_are_no_rows_to_ask_for() -> None:
    asked = [
        AuditEvent.objects.all,
        lambda: AuditEvent.objects.create(action="x"),
        lambda: AuditEvent.objects.bulk_create([AuditEvent(action="x")]),
        lambda: AuditEvent(action="x").save(),
        lambda: AuditEvent(pk=1, firm_id=7, action="x").delete(),
        AuditEvent._base_manager.all,
    ]
    for ask in asked:
        with pytest.raises(NoFirmScope):
            ask()


def test_a_row_of_another_firm_is_refused_before_anything_is_sent() -> None:
    with firm_scope(7):
        for attempt in (
            lambda: AuditEvent(firm_id=8, action="x").save(),
            lambda: AuditEvent.objects.create(firm_id=8, action="x"),
            lambda: AuditEvent.objects.create(firm=Firm(pk=8), action="x"),
            lambda: AuditEvent.objects.bulk_create([AuditEvent(action="x"), AuditEvent(firm_id=8, action="x")]),
            lambda: AuditEvent(pk=1, firm_id=8).delete(),
            lambda: AuditEvent.objects.update(firm_id=8),
            lambda: AuditEvent.objects.update(firm=Firm(pk=8)),
        ):
            with pytest.raises(OtherFirm):
                attempt()


def test_raw_sql_is_refused_on_the_scoped_manager() -> None:
    with firm_scope(7), pytest.raises(FirmScopeError, match="raw"):
        AuditEvent.objects.raw("SELECT * FROM accounts_auditevent")


def test_a_new_thread_starts_outside_every_scope() -> None:
    with ThreadPoolExecutor(1) as pool, firm_scope(7):
        assert pool.submit(open_firm).result() is None


def test_tasks_that_run_at_once_keep_their_own_firms() -> None:
    async def work(firm_id: int) -> list[int | None]:
        seen: list[int | None] = []
        with firm_scope(firm_id):
            for _turn in range(3):
                seen.append(open_firm())
                await asyncio.sleep(0)
        return [*seen, open_firm()]

    async def all_at_once() -> list[list[int | None]]:
        return list(await asyncio.gather(work(1), work(2)))

    assert asyncio.run(all_at_once()) == [[1, 1, 1, None], [2, 2, 2, None]]


@given(st.lists(st.integers(1, 3), max_size=6))
def test_whatever_is_nested_the_first_firm_holds_and_nothing_is_left_open(firms: list[int]) -> None:
    def enter(rest: list[int]) -> None:
        if not rest:
            return
        before = open_firm()
        if before not in (None, rest[0]):
            with pytest.raises(OtherFirm), firm_scope(rest[0]):
                pass
            enter(rest[1:])
        else:
            with firm_scope(rest[0]):
                assert open_firm() == firms[0]
                enter(rest[1:])
        assert open_firm() == before

    enter(firms)
    assert open_firm() is None


def ours(model: type[TenantModel]) -> list[str | None]:
    """The complaints of our own rules; Django's own cannot see the firm's table from an isolated registry."""
    return [problem.id for problem in model.check() if str(problem.id).startswith("accounts.")]


@isolate_apps("accounts")
def test_a_tenant_model_without_an_index_that_begins_with_the_firm_is_reported() -> None:
    class Slow(TenantModel):
        class Meta:
            app_label = "accounts"
            indexes = [models.Index(fields=["id", "firm"], name="slow")]

    assert ours(Slow) == ["accounts.E003"]


@isolate_apps("accounts")
def test_an_index_or_an_unconditional_rule_that_begins_with_the_firm_is_enough() -> None:
    class Indexed(TenantModel):
        class Meta:
            app_label = "accounts"
            indexes = [models.Index(fields=["firm", "id"], name="indexed")]

    class Ruled(TenantModel):
        class Meta:
            app_label = "accounts"
            constraints = [models.UniqueConstraint(fields=["firm", "id"], name="ruled")]

    class RuledHereAndThere(TenantModel):
        class Meta:
            app_label = "accounts"
            constraints = [models.UniqueConstraint(fields=["firm"], name="here", condition=models.Q(id__gt=1))]

    assert ours(Indexed) == []
    assert ours(Ruled) == []
    assert ours(RuledHereAndThere) == ["accounts.E003"]


@isolate_apps("accounts")
def test_a_plain_foreign_key_between_tenant_models_is_reported() -> None:
    class Loose(TenantModel):
        event = models.ForeignKey(AuditEvent, models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"
            indexes = [models.Index(fields=["firm"], name="loose")]

    class Held(TenantModel):
        event = TenantForeignKey(AuditEvent, models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"
            indexes = [models.Index(fields=["firm"], name="held")]

    assert ours(Loose) == ["accounts.E002"]
    assert ours(Held) == []


@isolate_apps("accounts")
def test_a_tenant_model_with_a_manager_that_does_not_ask_for_the_firm_is_reported() -> None:
    class Open(TenantModel):
        objects = models.Manager()  # type: ignore[assignment]

        class Meta:
            app_label = "accounts"
            indexes = [models.Index(fields=["firm"], name="open")]

    assert ours(Open) == ["accounts.E001"]
