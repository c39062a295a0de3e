"""A person's own account."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("name/", views.first_name, name="first_name"),
    path("alerts/", views.alerts, name="alerts"),
    path("private-pages/", views.private_pages, name="private_pages"),
]
