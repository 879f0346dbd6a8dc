"""A firm's people: invite them, give them another role, take them out, leave."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import FirmRequest, admin_required, firm_required
from accounts.forms.people import InviteForm, RoleForm
from accounts.invitation_mail import mail_invitation
from accounts.invitations import InvitationError, Issued, invite, revoke, send_again
from accounts.mails import MailNotSent
from accounts.models import Invitation, Membership, Role
from accounts.people import PeopleError, change_role, is_last_admin, leave, remove_member


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def invite_person(request: FirmRequest) -> HttpResponse:
    """Ask somebody into the firm, by a link that is mailed to them."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            issued = invite(
                firm=request.firm,
                actor=request.user,
                email=given["email"],
                role=Role(given["role"]),
                now=timezone.now(),
            )
        except InvitationError as problem:
            form.add_error(problem.field or None, str(problem))
        except PeopleError as problem:
            return _refused(request, problem)
        else:
            return _mailed(request, issued)
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@admin_required
def send_invitation_again(request: FirmRequest, invitation_id: int) -> HttpResponse:
    """Mail an invitation once more, with a new link."""
    try:
        issued = send_again(firm=request.firm, actor=request.user, invitation_id=invitation_id, now=timezone.now())
    except (InvitationError, PeopleError) as problem:
        return _refused(request, problem)
    return _mailed(request, issued)


@require_POST
@admin_required
def revoke_invitation(request: FirmRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    try:
        row = revoke(firm=request.firm, actor=request.user, invitation_id=invitation_id)
    except (InvitationError, PeopleError) as problem:
        return _refused(request, problem)
    messages.success(
        request, _("The invitation to %(email)s is taken back. Its link no longer works.") % {"email": row.email}
    )
    return redirect("firm")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def person(request: FirmRequest, member_id: int) -> HttpResponse:
    """One person of the firm: their role, and the way to take them out."""
    member = _member(request, member_id)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": member.role})
    if form.is_bound and form.is_valid():
        try:
            member = change_role(
                firm=request.firm, actor=request.user, member_id=member_id, role=Role(form.cleaned_data["role"])
            )
        except PeopleError as problem:
            return _refused(request, problem)
        words = _("%(who)s is %(role)s.") % {"who": member.user, "role": member.get_role_display()}
        messages.success(request, words)
        return redirect("firm")
    context = {"form": form, "member": member, "is_last_admin": is_last_admin(firm=request.firm, member=member)}
    return render(request, "accounts/person.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def remove_person(request: FirmRequest, member_id: int) -> HttpResponse:
    """Ask, then take somebody out of the firm."""
    member = _member(request, member_id)
    if request.method != "POST":
        waiting = Invitation.objects.filter(invited_by=member.user, state=Invitation.State.OPEN).order_by("email")
        context = {
            "member": member,
            "is_last_admin": is_last_admin(firm=request.firm, member=member),
            "waiting": ", ".join(waiting.values_list("email", flat=True)),
        }
        return render(request, "accounts/person_remove.html", context)
    return _done(
        request,
        lambda: remove_member(firm=request.firm, actor=request.user, member_id=member_id),
        words=_("%(who)s is no longer in the firm.") % {"who": member.user},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@firm_required
def leave_firm(request: FirmRequest) -> HttpResponse:
    """Ask, then let somebody leave the firm that is open."""
    member = Membership.objects.select_related("user").get(firm=request.firm, user=request.user)
    if request.method != "POST":
        context = {"is_last_admin": is_last_admin(firm=request.firm, member=member)}
        return render(request, "accounts/leave.html", context)
    try:
        leave(firm=request.firm, user=request.user)
    except PeopleError as problem:
        return _refused(request, problem)
    messages.success(request, _("You left %(firm)s.") % {"firm": request.firm.name})
    return redirect("/")


def _member(request: FirmRequest, member_id: int) -> Membership:
    member = Membership.objects.select_related("user").filter(firm=request.firm, pk=member_id).first()
    if member is None:
        raise Http404("no such person in this firm")
    return member


def _done(request: FirmRequest, work: Callable[[], object], *, words: str) -> HttpResponse:
    try:
        work()
    except PeopleError as problem:
        return _refused(request, problem)
    messages.success(request, words)
    return redirect("firm" if request.user.memberships.filter(firm=request.firm).exists() else "/")


def _refused(request: FirmRequest, problem: Exception) -> HttpResponse:
    messages.error(request, str(problem))
    return redirect("firm")


def _mailed(request: FirmRequest, issued: Issued) -> HttpResponse:
    """Mail the link, now that the invitation is saved, and say how that went."""
    row = issued.invitation
    try:
        mail_invitation(issued, firm=request.firm, inviter=request.user, now=timezone.now())
    except MailNotSent:
        words = _("%(email)s is invited, but the mail could not be sent. Wait a minute, then press “Send again”.")
        messages.warning(request, words % {"email": row.email})
    else:
        words = _("The invitation to %(email)s is on its way.")
        messages.success(request, words % {"email": row.email})
    return redirect("firm")
