"""An editor's browser on the way in: page one, page two, keep."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.claims.admin.filling import Desk
from tests.markup import tree

BRING = "sources/source/bring/"


class Incoming(Desk):
    def arrive(self, text="", path=BRING, **sent):
        """Page one sent with a paste, or with `file=(name, bytes)`."""
        if "file" in sent:
            name, data = sent.pop("file")
            sent["file"] = SimpleUploadedFile(name, data)
        return self.post(path, text=text, **sent)

    def send_parts(self, response, path=BRING, button="_keep", **typed):
        """Page two sent as it was shown, with these fields changed: `title`, or `part_1_title` for the second text."""
        data = {"parts": len(response.context["parts"]), button: "1"}
        for part in response.context["parts"]:
            data |= {bound.html_name: value for bound in part.form if (value := bound.value()) not in (None, False)}
        for name, value in typed.items():
            parts = name.split("_", 2)
            data[f"part-{parts[1]}-{parts[2]}" if parts[0] == "part" else f"part-0-{name}"] = value
        return self.post(path, **data)


def content(response):
    """The page's own part as a tree; around it Django's admin leaves tags that no strict reader takes."""
    page = response.content.decode()
    start = page.index('<div id="content-main">')
    return tree(page[start : page.index("</form>\n  </div>") + len("</form>\n  </div>")])


def problems(response):
    """Every error of a page, in its order."""
    if "parts" not in response.context:
        return [str(error) for errors in response.context["form"].errors.values() for error in errors]
    found = [response.context["problem"]] if response.context["problem"] else []
    forms = [part.form for part in response.context["parts"]]
    return found + [str(error) for form in forms for errors in form.errors.values() for error in errors]
