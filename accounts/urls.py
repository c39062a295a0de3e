"""A person's own account."""

from django.urls import path

from accounts import views
from accounts.rights.views import asking, closing, copies
from accounts.staff import views as staff

app_name = "accounts"
urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("name/", views.first_name, name="first_name"),
    path("alerts/", views.alerts, name="alerts"),
    path("staff-invitation/", staff.invitation, name="staff_invitation"),
    path("staff-invitation/<str:token>/", staff.open_invitation, name="open_staff_invitation"),
    path("private-pages/", views.private_pages, name="private_pages"),
    path("your-data/", copies.your_data, name="your_data"),
    path("your-data/copy/", copies.ask_copy, name="ask_copy"),
    path("your-data/save", copies.save_copy, name="save_copy"),  # a file: the question leads back to the page
    path("your-data/ask/", asking.ask_about_data, name="ask_about_data"),
    path("your-data/requests/<int:number>/", asking.data_request, name="data_request"),
    path("your-data/requests/<int:number>/take-back/", asking.take_back, name="take_back_request"),
    path("close/", closing.close, name="close"),
    path("close/check/", closing.close_check, name="close_check"),
    path("closed/", closing.closed, name="closed"),
]
