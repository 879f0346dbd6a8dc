"""The only way to a firm's rows.

Every table that belongs to a firm is a `TenantModel`. Its `objects` manager answers only inside `firm_scope(firm)`, and
only with that firm's rows; outside it raises `NoFirmScope`. Views, workers and commands open the scope, nothing below
them.
The database's row-level security will stand behind this, switched on in one place: `_bind_connection`.

    with firm_scope(firm):
        Link.objects.filter(kind="invoice")          # this firm's
        Link.objects.create(kind="invoice", ...)     # firm is filled in
    Link.unscoped.filter(due_at__lte=now)            # migrations, the operator's admin and the scheduler only

A query set keeps the firm it was built for. Build it and use it inside the same scope: a streaming answer is read after
its view has returned, so its generator opens the scope itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar

from django.core.checks import CheckMessage, Error
from django.db import models
from django.db.models.fields.related_lookups import RelatedExact
from django.db.models.sql.where import AND, WhereNode

if TYPE_CHECKING:
    from accounts.models import Firm

_current: ContextVar[int | None] = ContextVar("current_firm_id", default=None)


class FirmScopeError(Exception):
    """Something reached for a firm's rows in a way that could mix firms up."""


class NoFirmScope(FirmScopeError):  # noqa: N818  (the name says what is missing)
    """A tenant row was asked for outside `firm_scope`."""


class OtherFirm(FirmScopeError):  # noqa: N818
    """A row, or a scope, of another firm was met inside a firm's scope."""


@contextmanager
def firm_scope(firm: Firm | int) -> Iterator[None]:
    """Let `TenantModel.objects` see the rows of `firm` (a saved Firm or its id), for as long as the block lasts.

    The same firm may be nested; another one raises OtherFirm. The scope belongs to the running thread or async task and
    ends with the block, whatever happens in it.
    """
    firm_id = firm if isinstance(firm, int) else firm.pk
    if firm_id is None:
        raise FirmScopeError("firm_scope needs a firm that is saved: this one has no id yet.")
    outer = _current.get()
    if outer == firm_id:
        yield
        return
    if outer is not None:
        raise OtherFirm(f"The scope of firm {outer} is open: leave it before entering that of firm {firm_id}.")
    token = _current.set(firm_id)
    try:
        _bind_connection(firm_id)
        yield
    finally:
        _current.reset(token)
        _bind_connection(None)


def current_firm_id() -> int:
    """The id of the firm whose scope is open. Raises NoFirmScope outside one."""
    firm_id = _current.get()
    if firm_id is None:
        raise NoFirmScope("Open firm_scope(firm) around this: rows of firms are read and written only inside one.")
    return firm_id


def _bind_connection(firm_id: int | None) -> None:
    """The seam for row-level security: here the database learns which firm it may answer for (None: no firm at all)."""


_M = TypeVar("_M", bound="TenantModel")


class TenantQuerySet(models.QuerySet[_M]):
    """Rows of one firm. Fills the firm in on the way in, and refuses to move a row to another firm."""

    def create(self, **kwargs: Any) -> _M:
        """Create one row of the current firm. Raises OtherFirm if `firm` names another."""
        if "firm" not in kwargs:
            kwargs.setdefault("firm_id", current_firm_id())
        return super().create(**kwargs)

    def bulk_create(  # noqa: PLR0917  (Django's signature)
        self,
        objs: Iterable[_M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,  # noqa: FBT001, FBT002
        update_conflicts: bool = False,  # noqa: FBT001, FBT002
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[_M]:
        """Create many rows of the current firm. Raises OtherFirm if one is another firm's; then none is written."""
        rows = list(objs)
        for row in rows:
            row.claim_firm()
        return super().bulk_create(
            rows,
            batch_size=batch_size,
            ignore_conflicts=ignore_conflicts,
            update_conflicts=update_conflicts,
            update_fields=update_fields,
            unique_fields=unique_fields,
        )

    def update(self, **kwargs: Any) -> int:
        """Update the rows; the firm of a row never changes."""
        if kwargs.keys() & {"firm", "firm_id"}:
            raise OtherFirm("A row stays with its firm: `firm` cannot be updated.")
        return super().update(**kwargs)

    def raw(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: raw SQL would go past the firm's filter."""
        raise FirmScopeError("raw() would go past the firm's filter: use the query set's own methods.")


class TenantManager(models.Manager[_M]):
    """Answers with the rows of the firm whose scope is open; raises NoFirmScope where none is."""

    def get_queryset(self) -> TenantQuerySet[_M]:
        """The current firm's rows."""
        rows: TenantQuerySet[_M] = TenantQuerySet(self.model, using=self._db)
        return rows.filter(firm_id=current_firm_id())

    def raw(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse, as TenantQuerySet.raw does."""
        self.get_queryset().raw(*args, **kwargs)


_Set = TypeVar("_Set")
_Get = TypeVar("_Get")


class TenantForeignKey(models.ForeignKey[_Set, _Get]):
    """A foreign key from one tenant row to another: every join over it also asks for the same firm on both sides."""

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> WhereNode | None:
        """`<this table>.firm_id = <that table>.firm_id`, added to the join."""
        if alias is None:
            return None
        here, there = _firm_field(self.model), _firm_field(self.related_model)
        same_firm = RelatedExact(here.get_col(alias), there.get_col(related_alias))
        restriction = WhereNode()
        restriction.add(same_firm, AND)
        return restriction


def _firm_field(model: Any) -> models.ForeignKey[Any, Any]:
    field: models.ForeignKey[Any, Any] = model._meta.get_field("firm")
    return field


class TenantModel(models.Model):
    """A row that belongs to a firm.

    The firm column carries no index of its own: each model brings a unique constraint or an index that begins with it
    (a system check holds that, and that links between tenant models are `TenantForeignKey`s).
    """

    firm = models.ForeignKey("accounts.Firm", on_delete=models.CASCADE, related_name="+", db_index=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    # Every firm's rows at once. For migrations, the operator's admin and the scheduler only.
    unscoped: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        # Related rows, refresh_from_db and save go through the base manager, so they stay in the firm too.
        base_manager_name = "objects"

    def claim_firm(self) -> None:
        """Fill in the current firm, or raise OtherFirm if this row, or a row it points to, is another firm's."""
        current = current_firm_id()
        mine: int | None = self.firm_id
        if mine is None:
            self.firm_id = current
        elif mine != current:
            raise OtherFirm(f"This {self._meta.verbose_name} belongs to firm {mine}, the open scope to firm {current}.")
        for field in self._meta.concrete_fields:
            related = self._state.fields_cache.get(field.name)
            if isinstance(related, TenantModel) and related.firm_id != current:
                raise OtherFirm(
                    f"`{field.name}` of this {self._meta.verbose_name} points to a row of firm {related.firm_id}."
                )

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Save inside the firm's scope only."""
        self.claim_firm()
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete inside the firm's scope only."""
        self.claim_firm()
        return super().delete(*args, **kwargs)

    @classmethod
    def check(cls, **kwargs: Any) -> list[CheckMessage]:
        """Django's checks, and the rules of this module: see `_broken_rules`."""
        return [*super().check(**kwargs), *_broken_rules(cls)]


def _broken_rules(model: type[TenantModel]) -> Iterator[CheckMessage]:
    """What a tenant model may not do, since it would let firms mix or make every query of a firm slow."""
    if not isinstance(model._base_manager, TenantManager) or not isinstance(model._default_manager, TenantManager):
        yield Error(
            "The base and the default manager must be the TenantManager `objects`.", obj=model, id="accounts.E001"
        )
    for field in model._meta.local_concrete_fields:
        target = field.related_model
        if isinstance(target, type) and issubclass(target, TenantModel) and not isinstance(field, TenantForeignKey):
            yield Error("Use TenantForeignKey from one tenant model to another.", obj=field, id="accounts.E002")
    firm = _firm_field(model)
    leading = [index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields]
    leading += [rule.fields[0] for rule in model._meta.total_unique_constraints if rule.fields]
    if not (firm.unique or getattr(firm, "db_index", False) or "firm" in leading):
        yield Error(
            "No index or unconditional unique constraint begins with `firm`: a firm's queries would read all of it.",
            obj=model,
            id="accounts.E003",
        )
