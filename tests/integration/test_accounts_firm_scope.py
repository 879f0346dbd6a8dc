"""No way leads from one firm's rows to another's."""

from datetime import UTC, datetime

import pytest

from accounts.firm_scope import OtherFirm, firm_scope
from accounts.models import AuditEvent, Firm
from syncengine.models import Link, SyncError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def firms() -> tuple[Firm, Firm]:
    """Two firms, with a link of Clio's id 1 and an event each."""
    made = (Firm.objects.create(name="Hale", slug="hale"), Firm.objects.create(name="Marsh", slug="marsh"))
    for firm in made:
        with firm_scope(firm):
            Link.objects.create(kind="invoice", clio_id=1, number=firm.name)
            AuditEvent.objects.create(action=firm.slug)
    return made


def test_every_kind_of_read_sees_the_open_firm_alone(firms: tuple[Firm, Firm]) -> None:
    with firm_scope(firms[1]):
        assert [link.number for link in Link.objects.all()] == ["Marsh"]
        assert Link.objects.count() == 1
        assert Link.objects.filter(number="Hale").exists() is False
        assert list(Link.objects.exclude(number="x").values_list("number", flat=True)) == ["Marsh"]
        assert [link.number for link in Link.objects.all() | Link.objects.filter(clio_id=1)] == ["Marsh"]
        assert Link.objects.in_bulk(list(Link.unscoped.values_list("pk", flat=True))).keys() == {Link.objects.get().pk}


def test_every_kind_of_write_touches_the_open_firm_alone(firms: tuple[Firm, Firm]) -> None:
    hale, marsh = firms
    with firm_scope(hale):
        Link.objects.update(title="seen")
        Link.objects.bulk_create([Link(kind="invoice", clio_id=2), Link(kind="invoice", clio_id=3, firm=hale)])
        Link.objects.update_or_create(kind="invoice", clio_id=1, defaults={"reason": "r"})
        Link.objects.get_or_create(kind="invoice", clio_id=4)
        AuditEvent.objects.all().delete()
    assert Link.unscoped.filter(firm=hale).count() == 4
    assert list(Link.unscoped.filter(firm=marsh).values_list("title", "reason")) == [("", "")]
    assert AuditEvent.unscoped.get().firm == marsh


def test_a_row_taken_from_one_firm_cannot_be_saved_deleted_or_refreshed_in_another(firms: tuple[Firm, Firm]) -> None:
    with firm_scope(firms[0]):
        link = Link.objects.get()
    with firm_scope(firms[1]):
        for attempt in (link.save, link.delete):
            with pytest.raises(OtherFirm):
                attempt()
        with pytest.raises(Link.DoesNotExist):
            link.refresh_from_db()
        link.number = "taken over"
        assert Link.objects.bulk_update([link], ["number"]) == 0
    assert set(Link.unscoped.values_list("number", flat=True)) == {"Hale", "Marsh"}


def test_a_row_cannot_point_to_another_firms_row(firms: tuple[Firm, Firm]) -> None:
    with firm_scope(firms[0]):
        theirs = Link.objects.get()
    with firm_scope(firms[1]), pytest.raises(OtherFirm, match="link"):
        SyncError.objects.create(
            kind="invoice", link=theirs, code="c", message="m", first_seen_at=NOW, last_seen_at=NOW
        )


def test_even_a_row_that_points_across_leads_nowhere(firms: tuple[Firm, Firm]) -> None:
    hale, marsh = firms
    theirs = Link.unscoped.get(firm=hale)
    crossed = SyncError(
        firm=marsh, kind="invoice", link=theirs, code="c", message="m", first_seen_at=NOW, last_seen_at=NOW
    )
    SyncError.unscoped.bulk_create([crossed])  # no scope, no guard: as a fault in the data would be
    with firm_scope(marsh):
        assert SyncError.objects.count() == 1
        assert not SyncError.objects.filter(link__number="Hale").exists()
        assert SyncError.objects.select_related("link").get().link is None
        assert list(SyncError.objects.values_list("link__number", flat=True)) == [None]
        with pytest.raises(Link.DoesNotExist):
            _ = SyncError.objects.get().link
        assert [error.pk for error in SyncError.objects.prefetch_related("link")] == [crossed.pk]


def test_the_unscoped_manager_reads_all_firms_but_saving_takes_a_scope(firms: tuple[Firm, Firm]) -> None:
    rows = list(Link.unscoped.order_by("pk"))
    assert [row.firm_id for row in rows] == [firms[0].pk, firms[1].pk]
    with firm_scope(rows[0].firm_id):
        rows[0].save()
        with pytest.raises(OtherFirm):
            rows[1].save()
