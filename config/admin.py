"""The Administrator's rooms: people and their roles. Who has what right is decided by the roles alone.

Nobody is deleted, since the history names them; nobody changes the own roles; no right is given to one person alone.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from config import second_factor
from sources.acting import acting

# Their own rooms show secrets and delete users. This module is imported before theirs are looked for.
for model in (User, Group, TOTPDevice, StaticDevice):
    admin.site.unregister(model)

OWN_ROLES = (
    "This is your own account: nobody changes the own roles, or takes the own access away. Ask another Administrator."
)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """A person with an account."""

    list_display = ("username", "first_name", "last_name", "roles", "is_active", "has_second_factor", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    actions = None
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Access", {"fields": ("is_active", "is_staff", "groups", "second_factor")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_form = UserCreationForm
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "first_name", "last_name", "email", "password1", "password2")},
        ),
        ("Access", {"fields": ("is_staff", "groups")}),
    )
    readonly_fields = ("last_login", "date_joined", "second_factor")
    own_readonly = ("is_active", "is_staff", "groups")

    class Media:
        css = {"all": ["sources/desk.css"]}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    @admin.display(description="Roles")
    def roles(self, person: Any) -> str:
        return ", ".join(sorted(group.name for group in person.groups.all())) or "–"

    @admin.display(description="Second factor", boolean=True)
    def has_second_factor(self, person: Any) -> bool:
        return any(device.confirmed for device in person.totpdevice_set.all())

    @admin.display(description="Second factor")
    def second_factor(self, person: Any) -> str:
        if not self.has_second_factor(person):
            return "None yet; the next sign-in asks to set one up."
        return format_html(
            'Set up. <a href="{}">Reset it…</a>', reverse("admin:auth_user_two_factor", args=[person.pk])
        )

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.name == "groups":
            field.widget = forms.CheckboxSelectMultiple()
            field.choices = field.choices
            field.label = "Roles"
            field.help_text = "Choose what this person does here. Each role has its rights; docs/editing.md lists them."
        return field

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "is_active":
            field.help_text = "Untick it when somebody leaves. Nobody is deleted: the history names them."
        if field and db_field.name == "is_staff":
            field.label = "May sign in to the desk"
            field.help_text = "Tick it for everybody who has a role."
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = self.own_readonly if obj and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            if object_id == str(request.user.pk):
                messages.info(request, OWN_ROLES)
            return super().changeform_view(request, object_id, *args, **kwargs)
        with acting(by=request.user):
            return super().changeform_view(request, object_id, *args, **kwargs)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002  Django's.
        with acting(by=request.user, reason="Set a password." if request.method == "POST" else ""):
            return super().user_change_password(request, id, form_url)

    # Somebody's second factor.

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reset_second_factor)
        return [path("<int:key>/two-factor/", view, name="auth_user_two_factor"), *super().get_urls()]

    def reset_second_factor(self, request: HttpRequest, key: int) -> HttpResponse:
        """Asks, then takes the devices away. Not the own: that takes a code."""
        person = get_object_or_404(User, pk=key)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person.pk == request.user.pk:
            return HttpResponseRedirect(reverse("admin:two_factor"))
        back = reverse("admin:auth_user_change", args=[person.pk])
        if request.method == "POST":
            second_factor.reset(person, by=request.user)
            messages.success(request, f"The second factor of {person.get_username()} is reset.")
            return HttpResponseRedirect(back)
        context = {"title": f"Reset the second factor of {person.get_username()}?", "person": person, "back": back}
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, "admin/two_factor/reset.html", context)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """A role and its rights, to look at: they are made by a migration, so that docs and code agree."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
