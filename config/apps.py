from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    """Makes `config` an app: for its system checks, its static files, the table of tries to sign in."""

    name = "config"
    verbose_name = "Rashomon"

    def ready(self) -> None:
        from config import checks  # noqa: F401  Importing registers them.


class DeskConfig(AdminConfig):
    """Django's admin with our own door."""

    default_site = "config.desk_site.DeskSite"
