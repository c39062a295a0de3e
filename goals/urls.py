"""Every address of the goals."""

app_name = "goals"
urlpatterns: list = []
