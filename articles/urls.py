"""Every address of the library."""

from django.urls import path

from articles import views

app_name = "articles"
urlpatterns = [
    path("articles/", views.library_page, name="list"),
    path("articles/feed/", views.feed, name="feed"),
    path("articles/topic/<slug:topic>/", views.topic_page, name="topic"),
    path("articles/for/<slug:section>/<slug:question>/", views.for_plan, name="for_plan"),
    path("articles/<slug:slug>/", views.article_page, name="article"),
    path("articles/<slug:slug>/print/", views.print_page, name="print"),
    path("articles/<slug:slug>/helpful/", views.was_helpful, name="helpful"),
    path("articles/<slug:slug>/thank-you/", views.thanks, name="thanks"),
    path("articles/<slug:slug>/easy-read/", views.easy_page, name="easy"),
    path("articles/<slug:slug>/easy-read.pdf", views.easy_pdf, name="easy_pdf"),
    path("easy-read/", views.easy_list, name="easy_list"),
    path("glossary/", views.glossary_page, name="glossary"),
]
