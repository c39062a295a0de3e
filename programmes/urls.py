"""The addresses of the programmes, as a site map."""

app_name = "programmes"

urlpatterns: list = []
