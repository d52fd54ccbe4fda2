from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        from claims.integrity import check_new_copy, foretell
        from sources.keeping import AFTER_KEEPING, BEFORE_KEEPING

        AFTER_KEEPING.append(check_new_copy)
        BEFORE_KEEPING.append(foretell)
