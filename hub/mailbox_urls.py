"""The addresses of the on-screen mailbox: none at all unless this machine shows its mail."""

from django.urls import URLPattern, path

from hub import mailbox

addresses = [
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:mail>/", mailbox.mailbox_mail, name="mailbox_mail"),
    path("mailbox/<str:mail>/html/", mailbox.mailbox_html, name="mailbox_html"),
]
urlpatterns: list[URLPattern] = addresses if mailbox.wanted() else []
