"""Forms for a text on its way in: where it comes from, what it is, and what travels with it until it is kept.

Nothing is stored before the editor says “Keep”: the text is in the form, beside a signed note of where it came from. A
text that was edited by hand no longer fits its note, and counts as pasted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import Q

from sources.addresses import AddressError, canonical
from sources.choices import CaptureMethod, Rights
from sources.decoding import ENCODINGS
from sources.extraction import MOST_UPLOAD, Extracted, ExtractionError, extract
from sources.fetching import FetchError, fetch
from sources.forms import SourceForm, free_slug
from sources.keeping import keepable
from sources.kept_text import digest
from sources.metadata import Proposal, from_text
from sources.models import Outlet, Source

TOO_LARGE = (
    f"The file is larger than {MOST_UPLOAD >> 20} MB, the most that is taken; part it, or paste the words you need."
)
_SALT = "sources.intake"


@dataclass(frozen=True, slots=True)
class Note:
    """Where a text came from, as the capture will say it, and what the editor is told about it."""

    sha256: str
    method: str = CaptureMethod.PASTED
    extractor: str = ""
    version: str = ""
    warnings: list[str] = field(default_factory=list)
    scrambled: bool = False
    # Field of the form → where its proposal was read.
    origins: dict[str, str] = field(default_factory=dict)

    def signed(self) -> str:
        return signing.dumps({name: getattr(self, name) for name in self.__slots__}, salt=_SALT, compress=True)

    @classmethod
    def read(cls, signed: str) -> "Note | None":
        """A note that this site signed; None for anything else."""
        try:
            return cls(**signing.loads(signed, salt=_SALT))
        except (signing.BadSignature, TypeError, ValueError):
            return None

    def fits(self, text: str) -> bool:
        """Whether this is the text that the note was written for."""
        return self.sha256 == digest(text)

    def of(self, text: str) -> "Note":
        """The note of a piece that was cut from this note's text by the program."""
        return replace(self, sha256=digest(text))


@dataclass(frozen=True, slots=True)
class Arrived:
    """A text that came in, its note, and the proposals for its source: field of the form → value."""

    text: str
    note: Note
    proposed: dict[str, Any]

    @property
    def initial(self) -> dict[str, Any]:
        return {**self.proposed, "text": self.text, "origin": self.note.signed()}


def pasted(text: str) -> Arrived:
    """A text in the form in which it is kept."""
    return arrived(text, Note(digest(text)), from_text(text))


def arrived(text: str, note: Note, proposals: list[Proposal]) -> Arrived:
    """With the outlet looked up among those that are known, by the address's host or by name."""
    proposed: dict[str, Any] = {each.field: each.value for each in proposals}
    origins = {each.field: each.origin for each in proposals}
    name = proposed.pop("outlet", "")
    origin = origins.pop("outlet", "")
    known, why = _known_outlet(proposed.get("url", ""), name)
    if known:
        proposed["outlet"], origins["outlet"] = known.pk, why or origin
    elif name:
        proposed["new_outlet"], origins["new_outlet"] = name, origin
    return Arrived(text, replace(note, origins=origins), proposed)


def _known_outlet(url: str, name: str) -> tuple[Outlet | None, str]:
    """The outlet whose homepage has the address's host, or the nearest host above it; else the one of that name."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    above = [".".join(labels[place:]) for place in range(max(len(labels) - 1, 0))]
    if above:
        near = Outlet.objects.filter(Q(*(("homepage__icontains", each) for each in above), _connector=Q.OR))
        homes = {(urlsplit(each.homepage).hostname or "").removeprefix("www."): each for each in near}
        if found := next((homes[each] for each in above if each in homes), None):
            return found, "the host of the address"
    return (Outlet.objects.filter(name__iexact=name).first() if name else None), ""


class ArrivalForm(forms.Form):
    """Page one: one of pasted text, a file, or an address."""

    text = forms.CharField(
        required=False,
        strip=False,
        label="Paste the text",
        widget=AdminTextareaWidget(attrs={"rows": 14, "dir": "auto"}),
        help_text="Copy it from the page, headline included. Several texts at once can be parted on the next page.",
    )
    file = forms.FileField(
        required=False,
        label="Or choose a file",
        help_text=f"HTML, PDF, Markdown or plain text, up to {MOST_UPLOAD >> 20} MB. The file itself is not kept.",
    )
    address = forms.CharField(
        required=False,
        label="Or give its address",
        widget=AdminTextInputWidget(attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off"}),
        help_text="This site fetches the page once, when you press the button.",
    )
    encoding = forms.ChoiceField(
        required=False,
        choices=[("", "Find out"), *((name, name) for name in ENCODINGS)],
        label="Encoding",
        help_text="Choose one where a text file is refused or comes out as nonsense: Windows-1256 for older Arabic.",
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large
        if not settings.CAPTURE_FETCH:
            del self.fields["address"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.too_large:
            self.add_error("file", TOO_LARGE)
        given = [name for name in ("text", "file", "address") if data.get(name)]
        if not given and not self.errors:
            raise ValidationError("Paste a text, or choose a file.")
        if len(given) > 1:
            raise ValidationError("Give one of them alone: a pasted text, a file or an address.")
        if data.get("text"):
            try:
                data["text"] = keepable(data["text"])
            except ValidationError as error:
                self.add_error("text", error)
        return data

    def arrive(self) -> Arrived | None:
        """What came in, or None where it could not be read; then the form says why."""
        data = self.cleaned_data
        if data.get("text"):
            return pasted(data["text"])
        name = "file" if data.get("file") else "address"
        try:
            return self._uploaded(data["file"]) if name == "file" else self._fetched(data["address"])
        except (ExtractionError, FetchError) as error:
            self.add_error(name, str(error))
            return None

    def _uploaded(self, file: TemporaryUploadedFile) -> Arrived:
        # What the browser calls the file rests on its name; the bytes say more.
        found = extract(cast(Any, file.file), name=file.name or "", chosen=self.cleaned_data["encoding"])
        return _noted(found, CaptureMethod.UPLOADED, found.proposals)

    def _fetched(self, address: str) -> Arrived:
        about, body = fetch(address, agent=f"Rashomon (captures for {settings.SITE_URL})")
        with body:
            found = extract(
                body,
                name=urlsplit(about.url).path,
                content_type=about.content_type,
                charset=about.charset,
                chosen=self.cleaned_data["encoding"],
                base=about.url,
            )
        proposals = found.proposals
        if not any(each.field == "url" for each in proposals):
            proposals = [*proposals, Proposal("url", about.url, "the address that was fetched")]
        return _noted(found, CaptureMethod.FETCHED, proposals)


def _noted(found: Extracted, method: str, proposals: list[Proposal]) -> Arrived:
    note = Note(digest(found.text), method, found.extractor, found.version, found.warnings, found.scrambled)
    return arrived(found.text, note, proposals)


class TextOnItsWay(forms.Form):
    """The text, its note, and what is decided about the copy; the common part of both page-two forms."""

    text = forms.CharField(
        strip=False,
        label="Text",
        widget=AdminTextareaWidget(attrs={"rows": 16, "dir": "auto"}),
        help_text="The text as it will be kept, unchangeable. If you change it here, it counts as pasted by you.",
    )
    # The signed note; not a column of the source.
    origin = forms.CharField(required=False, widget=forms.HiddenInput)
    rights = forms.ChoiceField(
        choices=Rights.choices,
        initial=Rights.SHORT_EXCERPTS,
        label="Rights",
        help_text="How much of the text may be shown to readers.",
    )
    archive_url = forms.URLField(
        required=False,
        assume_scheme="https",
        label="Archived at",
        widget=AdminTextInputWidget(attrs={"dir": "ltr", "class": "vTextField"}),
        help_text="Where a public archive keeps a copy.",
    )
    compared = forms.BooleanField(
        required=False,
        label="I have compared it with the page, word by word.",
        help_text="Needed for Arabic text out of a PDF.",
    )

    required_css_class = "required"
    found: Note | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signed = self.data.get(self.add_prefix("origin"), "") if self.is_bound else self.get_initial("origin")
        self.found = Note.read(str(signed))
        if not (self.found and self.found.scrambled):
            del self.fields["compared"]

    def get_initial(self, name: str) -> Any:
        return (self.initial or {}).get(name) or ""

    def clean_text(self) -> str:
        return keepable(self.cleaned_data["text"])

    def clean_compared(self) -> bool:
        if not self.cleaned_data["compared"]:
            raise ValidationError("Compare the text with the page, correct it here where it is wrong, and tick this.")
        return True

    def provenance(self) -> dict[str, str]:
        """How the copy was made, as `keep` takes it: the note's word while the text is the note's, else pasted."""
        note = self.found
        if note is None or not note.fits(self.cleaned_data["text"]):
            return {"method": CaptureMethod.PASTED}
        return {"method": note.method, "extractor": note.extractor, "extractor_version": note.version}

    def kept_as(self) -> dict[str, str]:
        """Everything `keep` takes beside the source and the text."""
        return {name: self.cleaned_data[name] for name in ("rights", "archive_url")} | self.provenance()


class CopyForm(TextOnItsWay):
    """Page two for a new copy of a source that is known."""


class PartForm(TextOnItsWay, SourceForm):
    """Page two for a new source: what it is, as proposed, for the editor to confirm. The desk makes its fields."""

    new_outlet = forms.CharField(
        required=False,
        max_length=200,
        label="Or a new outlet",
        widget=AdminTextInputWidget(attrs={"dir": "auto", "class": "vTextField"}),
        help_text="Its name as printed; it is made when you keep the text. Not used where an outlet is chosen.",
    )
    as_copy = forms.BooleanField(required=False, label="Keep this text as a new copy of that source")

    # The source that has this address already, if this editor may see it, and whether the text is to be a copy of it.
    twin: Source | None = None
    wants_copy = False
    unseen_twin = False
    outlet_to_make: Outlet | None = None

    def __init__(
        self, *args: Any, sees: Callable[[Source], bool], changes: Callable[[Source], bool], **kwargs: Any
    ) -> None:
        """`sees` and `changes` say what this editor may do with a source that is there already."""
        super().__init__(*args, **kwargs)
        self.fields["outlet"].required = False
        address = self.data.get(self.add_prefix("url"), "") if self.is_bound else self.get_initial("url")
        try:
            twin = Source.objects.filter(url=canonical(str(address))).select_related("outlet").first()
        except AddressError:
            twin = None
        if twin and sees(twin):
            self.twin = twin
        else:
            self.unseen_twin = twin is not None
        if self.twin is None or not changes(self.twin):
            del self.fields["as_copy"]
            return
        self.wants_copy = bool(self.is_bound and self.data.get(self.add_prefix("as_copy")))
        if self.wants_copy:
            for name in self._meta.fields or ():
                self.fields[name].required = False

    def clean_url(self) -> str:
        if self.unseen_twin:
            raise ValidationError(
                "There is already a source with this address, which you may not see; ask somebody who may.",
                code="source_url_once",
            )
        return self.cleaned_data["url"] if self.wants_copy else super().clean_url()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.wants_copy and not data.get("outlet") and "outlet" not in self.errors:
            self._clean_new_outlet(data)
        return data

    def _clean_new_outlet(self, data: dict[str, Any]) -> None:
        name = " ".join(data.get("new_outlet", "").split())
        if not name:
            self.add_error("outlet", "Choose who published it, or name a new outlet below.")
            return
        if known := Outlet.objects.filter(name__iexact=name).first():
            data["outlet"] = known
            return
        home = urlsplit(data.get("url") or "")
        made = Outlet(
            name=name,
            slug=free_slug(name, Outlet.objects.all(), "outlet"),
            homepage=f"{home.scheme}://{home.netloc}/" if home.netloc else "",
            language=data.get("language", ""),
        )
        try:
            made.full_clean()
        except ValidationError as error:
            self.add_error("new_outlet", error.messages)
        else:
            self.outlet_to_make = made

    def _post_clean(self) -> None:
        if not self.wants_copy:
            super()._post_clean()
