"""The addresses of the programmes, as a site map."""

from django.urls import path

from programmes.views import around, certificates, learning, notes, positive, referral, workshops

app_name = "programmes"

STEP = "learn/<slug:programme>/<slug:part>/<slug:step>/"

urlpatterns = [
    # around the courses
    path("learn/", around.landing, name="landing"),
    path("learn/which/", around.which, name="which"),
    path("learn/my-words/", notes.my_words, name="my_words"),
    path("learn/my-words/notes.txt", notes.as_text, name="my_words_text"),
    path("learn/my-words/notes.json", notes.as_json, name="my_words_json"),
    path("learn/my-words/delete/", notes.delete_all, name="delete_all_words"),
    path("learn/my-words/<int:pk>/delete/", notes.delete_one, name="delete_words"),
    path("learn/<slug:programme>/questions/", around.questions, name="questions"),
    path("learn/<slug:programme>/questions/<slug:asked>/", around.one_question, name="one_question"),
    # certificates, and a parent's own place in the Positive co-Parenting Programme
    path("certificate/", certificates.check_certificate, name="check_certificate"),
    path("learn/<slug:programme>/certificate/", certificates.certificate, name="certificate"),
    path("learn/<slug:programme>/certificate.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("learn/positive-co-parenting/mine/", positive.positive, name="positive"),
    path("learn/positive-co-parenting/mine/answer/", positive.answer, name="positive_answer"),
    # the way in for a parent who was sent, and their workshop
    path("referral/<str:token>/", referral.open_referral, name="open_referral"),
    path("referral/", referral.referral, name="referral"),
    path("learn/workshop/", workshops.workshop, name="workshop"),
    path("learn/workshop/session/<slug:reference>/", workshops.session, name="workshop_session"),
    path("learn/workshop/move/", workshops.move, name="workshop_move"),
    path("learn/workshop/give-up/", workshops.give_up, name="workshop_give_up"),
    path("learn/workshop/needs/", workshops.needs, name="needs"),
    path("learn/workshop/calendar.ics", workshops.calendar_file, name="calendar"),
    # taking a programme: last of all, for its parts may have any name but those of kinds.RESERVED
    path("learn/<slug:programme>/", learning.cover, name="cover"),
    path("learn/<slug:programme>/done/", learning.finish, name="finish"),
    path("learn/<slug:programme>/<slug:part>/", learning.part, name="part"),
    path(STEP, learning.step, name="step"),
    path(STEP + "<slug:screen>/", learning.step, name="screen"),
]
