"""The addresses of the plan, as a site map."""

from django.urls import path

from parenting_plan.views import (
    answering,
    invitation,
    inviting,
    overview,
    professional,
    sharing,
    starting,
    verify,
    writing,
)

app_name = "parenting_plan"

PART = "plan/<slug:reference>/<slug:section>/<slug:question>/"

urlpatterns = [
    # starting
    path("plan/", overview.plans, name="list"),
    path("plan/start/", starting.begin, name="start"),
    path("plan/start/adults/", starting.adults, name="start_adults"),
    path("plan/start/children-safety/", starting.children_safety, name="start_children_safety"),
    path("plan/start/stay-safe/", starting.stay_safe, name="start_stay_safe"),
    path("plan/start/orders/", starting.orders, name="start_orders"),
    path("plan/start/orders/what-it-means/", starting.orders_meaning, name="start_orders_meaning"),
    path("plan/start/children/", starting.children, name="start_children"),
    path("plan/start/check/", starting.check, name="start_check"),
    # the way in for the second parent
    path("invitation/<str:token>/", invitation.open_invitation, name="open_invitation"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation-no/", invitation.say_no, name="say_no"),
    path("invitation-safety/adults/", invitation.adults, name="join_adults"),
    path("invitation-safety/children/", invitation.children_safety, name="join_children_safety"),
    path("invitation-safety/stay-safe/", invitation.stay_safe, name="join_stay_safe"),
    path("invitation-safety/orders/", invitation.orders, name="join_orders"),
    path("invitation-join/", invitation.join, name="join"),
    path("join/", invitation.enter_code, name="enter_code"),
    # solicitors and other professionals
    path("professional/", professional.plans, name="professional"),
    path("professional/<slug:reference>/", professional.plan, name="professional_plan"),
    path("professional/<slug:reference>/plan.pdf", professional.pdf, name="professional_pdf"),
    path("verify/", verify.verify, name="verify"),
    # one plan
    path("plan/<slug:reference>/", overview.plan, name="overview"),
    path("plan/<slug:reference>/agreed/", overview.agreed, name="agreed"),
    path("plan/<slug:reference>/agreed/plan.pdf", overview.pdf, name="pdf"),
    path("plan/<slug:reference>/drafts/", writing.drafts, name="drafts"),
    path("plan/<slug:reference>/waiting/", answering.waiting, name="waiting"),
    path("plan/<slug:reference>/children/", inviting.children, name="children"),
    path("plan/<slug:reference>/orders/", inviting.orders, name="orders"),
    path("plan/<slug:reference>/sharing/", sharing.sharing, name="sharing"),
    path("plan/<slug:reference>/invite/", inviting.invite, name="invite"),
    path("plan/<slug:reference>/invite/adults/", inviting.invite_adults, name="invite_adults"),
    path(
        "plan/<slug:reference>/invite/children-safety/", inviting.invite_children_safety, name="invite_children_safety"
    ),
    path("plan/<slug:reference>/invite/stay-safe/", inviting.invite_stay_safe, name="invite_stay_safe"),
    path("plan/<slug:reference>/invite/email/", inviting.invite_by_email, name="invite_by_email"),
    path("plan/<slug:reference>/invite/code/", inviting.invite_by_code, name="invite_by_code"),
    path("plan/<slug:reference>/confirm/", inviting.confirm, name="confirm"),
    path("plan/<slug:reference>/professionals/", sharing.professionals, name="professionals"),
    path("plan/<slug:reference>/professionals/<int:grant>/end/", sharing.end_access, name="end_access"),
    path("plan/<slug:reference>/keep/", overview.keep, name="keep"),
    path("plan/<slug:reference>/leave/", sharing.leave, name="leave"),
    path("plan/<slug:reference>/report/", sharing.report, name="report"),
    path("plan/<slug:reference>/<slug:section>/", overview.section, name="section"),
    # one question
    path(PART, answering.question, name="question"),
    path(f"{PART}write/", writing.write, name="write"),
    path(f"{PART}draft/", writing.autosave, name="autosave"),
    path(f"{PART}send/", writing.send, name="send"),
    path(f"{PART}agree/", answering.agree, name="agree"),
    path(f"{PART}set-aside/", answering.set_aside, name="set_aside"),
    path(f"{PART}take-back/", writing.take_back, name="take_back"),
    path(f"{PART}story/", answering.story, name="story"),
]
