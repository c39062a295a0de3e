"""Every address of the library."""

app_name = "articles"
urlpatterns: list = []
