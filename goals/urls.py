"""Every address of the goals. A goal's own address is drawn by lot: capital letters and digits, so no name meets it."""

from django.urls import path

from goals import ideas, views

app_name = "goals"

urlpatterns = [
    path("", views.my_goals, name="list"),
    path("choose/", views.choose, name="choose"),
    path("new/", views.new, name="own"),
    path("new/<slug:suggestion>/", views.new, name="new"),
    path("ideas/<slug:suggestion>/", ideas.idea, name="idea"),
    path("all/<slug:state>/", views.of_state, name="of_state"),
    path("reminders/", views.reminders, name="reminders"),
    path("notes.txt", views.as_text, name="as_text"),
    path("notes.json", views.as_json, name="as_json"),
    path("delete/", views.delete_all, name="delete_all"),
    path("<slug:reference>/", views.goal, name="goal"),
    path("<slug:reference>/words/", views.words, name="words"),
    path("<slug:reference>/words/delete/", views.forget_wordings, name="forget_wordings"),
    path("<slug:reference>/move/", views.move, name="move"),
    path("<slug:reference>/delete/", views.delete, name="delete"),
    path("<slug:reference>/<slug:said>/", views.check_in, name="check_in"),
    path("<slug:reference>/<slug:said>/delete/", views.delete_check_in, name="delete_check_in"),
]
