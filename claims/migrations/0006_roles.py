"""The roles of a newsroom as groups: who may read drafts, edit, approve, import, audit, and manage users.

An administrator has no right on content, and nobody but a superuser has all; superusers are kept off the desk. The
permissions are made here where they are missing, because Django makes them only after the last migration.
"""

from django.db import migrations

SOURCES = {"outlet": "outlet", "source": "source", "capture": "capture"}
REFERENCE = {"side": "side", "speaker": "speaker", "speakername": "speaker name", "occasion": "occasion"}
STORIES = {"topic": "topic", "question": "question"}
RECORDS = {
    "statement": "statement",
    "anchor": "anchor",
    "position": "position",
    "translation": "translation",
    "contradiction": "contradiction",
    "contextnote": "context note",
    "reply": "reply",
    "rejection": "rejection",
}
CORRECTIONS = {"correction": "correction", "formerslug": "former slug"}
NAMES = {
    ("claims", "statement", "read_drafts"): "Can read everybody's drafts",
    ("claims", "statement", "submit_records"): "Can hand drafts to a second reader",
    ("claims", "statement", "approve_records"): "Can approve what somebody else edited, and publish it",
    ("claims", "statement", "propose_changes"): "Can propose changes of what is public",
    ("claims", "statement", "import_records"): "Can write records through an import",
    ("claims", "event", "read_history"): "Can read the history of every record",
}


def _each(actions, models, app="claims"):
    return {
        (app, model, f"{action}_{model}"): f"Can {action} {words}"
        for action in actions
        for model, words in models.items()
    }


def _special(*codenames):
    return {key: name for key, name in NAMES.items() if key[2] in codenames}


ALL = {**REFERENCE, **STORIES, **RECORDS, **CORRECTIONS}
VIEW = {**_each(["view"], SOURCES, "sources"), **_each(["view"], ALL)}
FILE = {
    **_each(["add"], SOURCES, "sources"),
    **_each(["add"], {name: REFERENCE[name] for name in ("speaker", "speakername", "occasion")}),
    **_each(["add", "change"], RECORDS),
}
EDIT = {
    **_each(["add", "change"], SOURCES, "sources"),
    **_each(["add", "change"], {**REFERENCE, **STORIES, **RECORDS}),
    **_special("read_drafts", "read_history"),
}
PROPOSE = _special("submit_records", "propose_changes")
DELETE = {**_each(["delete"], SOURCES, "sources"), **_each(["delete"], {**REFERENCE, **STORIES, **RECORDS})}
USERS = {
    **_each(["view", "add", "change"], {"user": "user"}, "auth"),
    **_each(["view"], {"group": "group"}, "auth"),
}
ROLES = {
    "Contributor": {**VIEW, **FILE, **PROPOSE},
    "Editor": {**VIEW, **EDIT, **PROPOSE},
    "Publisher": {**VIEW, **EDIT, **PROPOSE, **DELETE, **_special("approve_records")},
    "Importer": {**VIEW, **_special("submit_records", "import_records")},
    "Auditor": {**VIEW, **_special("read_drafts", "read_history")},
    "Administrator": USERS,
}


def make_roles(apps, _schema_editor):
    Group, Permission, ContentType = (
        apps.get_model(*name) for name in (("auth", "Group"), ("auth", "Permission"), ("contenttypes", "ContentType"))
    )
    made = {}
    for role, may in ROLES.items():
        for key, name in may.items():
            app, model, codename = key
            if key not in made:
                kind, _ = ContentType.objects.get_or_create(app_label=app, model=model)
                made[key], _ = Permission.objects.get_or_create(
                    content_type=kind, codename=codename, defaults={"name": name}
                )
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([made[key] for key in may])
    # What came before: one group for whoever edits.
    for before in Group.objects.filter(name="Editors"):
        Group.objects.get(name="Editor").user_set.add(*before.user_set.all())
        before.delete()


def drop_roles(apps, _schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0005_reviewed_records"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, drop_roles)]
