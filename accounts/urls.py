"""Pages about the firm and its people."""

from django.urls import path

from accounts.views import firm, firms, joining, own_login, people

urlpatterns = [
    path("accounts/signup/", firms.sign_up, name="account_signup"),  # before allauth's own
    path("accounts/", own_login.own_login, name="own_login"),
    path("firm/", firm.firm_page, name="firm"),
    path("firm/settings/", firm.firm_settings, name="firm_settings"),
    path("firm/plan/", firm.firm_plan, name="firm_plan"),
    path("firm/invite/", people.invite_person, name="invite"),
    path("firm/invitations/<int:invitation_id>/send/", people.send_invitation_again, name="invitation_send"),
    path("firm/invitations/<int:invitation_id>/revoke/", people.revoke_invitation, name="invitation_revoke"),
    path("firm/people/<int:member_id>/", people.person, name="person"),
    path("firm/people/<int:member_id>/remove/", people.remove_person, name="person_remove"),
    path("firm/leave/", people.leave_firm, name="firm_leave"),
    path("firm/add/", firms.firm_add, name="firm_add"),
    path("firm/switch/", firms.switch_firm, name="firm_switch"),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
]
