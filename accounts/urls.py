"""A person's own account."""

from django.urls import path

from accounts import views
from accounts.staff import views as staff

app_name = "accounts"
urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("name/", views.first_name, name="first_name"),
    path("alerts/", views.alerts, name="alerts"),
    path("staff-invitation/", staff.invitation, name="staff_invitation"),
    path("staff-invitation/<str:token>/", staff.open_invitation, name="open_staff_invitation"),
    path("private-pages/", views.private_pages, name="private_pages"),
]
