from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes `config` an app, so that its system checks are registered and its static files found."""

    name = "config"
    verbose_name = "Rashomon"

    def ready(self) -> None:
        from config import checks  # noqa: F401  Importing registers them.
