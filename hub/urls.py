"""Every address of the hub, as a site map."""

from django.contrib import admin
from django.urls import include, path

from hub import views
from hub.health import healthz, readyz
from hub.mailbox_urls import urlpatterns as mailbox_urls
from hub.metrics import metrics
from hub.search.page import search

urlpatterns = [
    path("", views.start, name="start"),
    path("home/", views.home, name="home"),
    path("news/<slug:mark>/put-away/", views.put_away, name="put_away"),
    path("search/", search, name="search"),
    path("help/", views.help_page, name="help"),
    path("safety/", views.plain("hub/safety.html", "HUB_MAIL_SUBJECT"), name="safety"),
    path("how-it-works/", views.plain("hub/how_it_works.html"), name="how_it_works"),
    path("solicitors/", views.plain("hub/solicitors.html", "PLAN_PROFESSIONAL_DAYS"), name="solicitors"),
    path("about/", views.plain("hub/about.html"), name="about"),
    path("before-you-start/", views.plain("hub/before_you_start.html"), name="before_you_start"),
    path(
        "privacy/",
        views.plain(
            "hub/privacy.html",
            "PLAN_INVITATION_DAYS",
            "PLAN_AGE",
            "PLAN_ALONE_MONTHS",
            "PROGRAMME_CASE_YEARS",
            "HUB_BACKUPS_KEPT",
        ),
        name="privacy",
    ),
    path("cookies/", views.plain("hub/cookies.html", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"), name="cookies"),
    path("accessibility/", views.plain("hub/accessibility.html"), name="accessibility"),
    path("terms/", views.plain("hub/terms.html"), name="terms"),
    path("contact/", views.plain("hub/contact.html"), name="contact"),
    path("exit/", views.exit_page, name="exit"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path(".well-known/security.txt", views.security, name="security"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include("accounts.allauth_urls")),
    path("account/", include("accounts.urls")),
    path("", include("parenting_plan.urls")),
    path("", include("programmes.urls")),
    path("goals/", include("goals.urls")),
    path("", include("articles.urls")),
    path("staff/", admin.site.urls),
    *mailbox_urls,
]

handler400 = "hub.views.bad_request"
