"""The pages of our people. Addresses stand at the foot, the pages in the modules beside."""

from django.urls import path

from tomei.accounts.web import audit, entry, me, people, teams, tokens

urlpatterns = [
    path("setup/first/<str:secret>/", entry.first, name="first-administrator"),
    path("join/<str:secret>/", entry.join, name="join"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="people-invite"),
    path("people/teams/", teams.index, name="teams"),
    path("people/teams/<int:team_id>/", teams.team, name="team"),
    path("people/teams/<int:team_id>/remove/", teams.remove, name="team-remove"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/invite/", people.invite_again, name="person-invite-again"),
    path("people/<int:user_id>/deactivate/", people.deactivate, name="person-deactivate"),
    path("people/<int:user_id>/reactivate/", people.reactivate, name="person-reactivate"),
    path("people/<int:user_id>/sign-out/", people.end_sessions, name="person-sign-out"),
    path("tokens/", tokens.index, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="token-revoke"),
    path("me/", me.me, name="me"),
    path("me/sign-out-everywhere/", me.sign_out_everywhere, name="me-sign-out-everywhere"),
    path("settings/audit/", audit.page, name="audit"),
]
