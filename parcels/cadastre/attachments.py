"""Papers and photos of parcels and of what happened to them: kept, found, and taken back while nothing rests on them.

Refuses to alter bytes, to show what lies outside the actor's territory, and to delete what an event rests on.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import EDIT_CADASTRE
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from parcels.cadastre.lineage_models import DOCUMENT_KINDS, Attachment, EventParcel
from parcels.cadastre.models import Parcel
from parcels.cadastre.papers import PDF, Paper, read_paper

LONGEST_NAME, LONGEST_NOTE = 200, 300
# What lists say of an attachment: all but its bytes.
TOLD = (
    "id", "name", "media_type", "size_bytes", "sha256", "kind", "note", "uploaded_by", "uploaded_at", "event_id",
)  # fmt: skip


def add_attachment(
    county: County,
    actor: Actor,
    content: bytes,
    *,
    name: str,
    kind: str,
    note: str = "",
    parcel_code: str = "",
) -> dict[str, Any]:
    """Keep a paper, of a parcel or (parcel_code "") of a change that is still being prepared."""
    actor.require(EDIT_CADASTRE)
    if kind not in DOCUMENT_KINDS:
        known = "、".join(f"{code}（{title}）" for code, title in DOCUMENT_KINDS.items())
        raise InputError("attachment_kind", f"没有“{kind}”这种附件。", f"可用的有：{known}。", field="kind")
    parcel = _parcel(actor, parcel_code) if parcel_code else None
    made = keep_attachment(
        county,
        content,
        read_paper(content, name),
        name=name,
        kind=kind,
        note=note,
        parcel=parcel,
        by=actor.username,
    )
    return told(visible(actor).filter(pk=made.pk))[0]


def keep_attachment(
    county: County,
    content: bytes,
    paper: Paper,
    *,
    name: str,
    kind: str,
    by: str,
    note: str = "",
    parcel: Parcel | None = None,
) -> Attachment:
    """Write a paper that was read; whoever calls has seen to it that `by` may."""
    name, note = _shown(name, "name", LONGEST_NAME) or "附件", _shown(note, "note", LONGEST_NOTE)
    sha256 = hashlib.sha256(content).hexdigest()
    with change(
        county_code=county.code,
        by=by,
        action="add_attachment",
        reason=f"上传附件：{name}",
        parcel=parcel.code if parcel else "",
        sha256=sha256,
        bytes=len(content),
    ) as running:
        made = Attachment.objects.create(
            county=county,
            name=name,
            media_type=paper.media_type,
            size_bytes=len(content),
            sha256=sha256,
            content=content,
            thumbnail=paper.thumbnail,
            kind=kind,
            note=note,
            parcel=parcel,
            uploaded_by=by,
        )
        running.summary["attachment"] = made.pk
    return made


def keep_evidence(
    county: County, files: Sequence[tuple[str, bytes]], *, by: str, field: str = "papers"
) -> list[Attachment]:
    """Read and write what a record rests on, photos and papers alike; nothing is kept when one of them is unsound."""
    read = []
    for name, content in files:
        try:
            read.append((name, content, read_paper(content, name)))
        except InputError as error:
            raise InputError(error.code, error.message, error.remedy, field=field) from error
    return [
        keep_attachment(
            county, content, paper, name=name, kind="other" if paper.media_type == PDF else "photo", by=by
        )
        for name, content, paper in read
    ]


def remove_attachment(county: County, actor: Actor, number: int, *, reason: str) -> None:
    """Take back a paper on which no event rests; what it was stays in its history."""
    actor.require(EDIT_CADASTRE)
    row = attachment(actor, number)
    tied = Conflict(
        f"附件“{row.name}”是已登记变更或者记录的依据，不能删除。",
        code="attachment_tied",
        remedy="如依据有误，请撤销该变更后重新办理，或者在该记录中写明情况。",
    )
    if row.event_id is not None:
        raise tied
    try:
        with change(
            county_code=county.code,
            by=actor.username,
            action="remove_attachment",
            reason=reason,
            attachment=number,
            name=row.name,
            sha256=row.sha256,
        ):
            Attachment.objects.filter(pk=row.pk, event=None).delete()
    except ProtectedError:  # a row of another room rests on it
        raise tied from None


def attachment(actor: Actor, number: int, *, with_bytes: str = "") -> Attachment:
    """The attachment, with the bytes of its `content` or `thumbnail` only where they are asked for."""
    rows = visible(actor).only(*TOLD, *([with_bytes] if with_bytes else []))
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound(f"没有编号为 {number} 的附件，或不在您的管辖范围内。", remedy="请刷新页面后重试。")
    return found


def attachments_of(actor: Actor, parcel_code: str) -> list[dict[str, Any]]:
    """The papers of a parcel and of everything that happened to it, newest first, in two statements."""
    parcels = _of_code(actor, parcel_code)
    if not parcels:
        raise _no_parcel(parcel_code)
    taken = EventParcel.objects.filter(event=OuterRef("event"), parcel__in=parcels)
    return told(visible(actor).filter(Q(parcel__in=parcels) | Exists(taken)).order_by("-uploaded_at", "-pk"))


def attachments_by_event(actor: Actor, events: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Event → the papers that it rests on, in one statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in _described(visible(actor).filter(event__in=events).order_by("pk")):
        found.setdefault(row["event_id"], []).append(_as_told(row))
    return found


def visible(actor: Actor) -> QuerySet[Attachment]:
    """Papers of parcels and of their changes, of towns only those of their own; and the actor's uploads for none yet.

    What a plan, a report, a project or a firm's file rests on is of no parcel: its own room shows it, by its own right.
    """
    rows = Attachment.objects.filter(county_id=actor.county_code)
    own = Q(parcel=None, event=None, uploaded_by=actor.username)
    if actor.town_codes is None:
        return rows.filter(Q(parcel__isnull=False) | Q(event__isnull=False) | own)
    taken = EventParcel.objects.filter(event=OuterRef("event"), parcel__town_code__in=actor.town_codes)
    taken = taken.exclude(role="densified")  # its neighbour's papers aren't its own
    return rows.filter(Q(parcel__town_code__in=actor.town_codes) | Exists(taken) | own)


def told(rows: QuerySet[Attachment]) -> list[dict[str, Any]]:
    """Attachments as the interface tells them, without their bytes; one statement."""
    return [_as_told(row) for row in _described(rows)]


def _described(rows: QuerySet[Attachment]) -> list[dict[str, Any]]:
    return list(rows.annotate(drawn=Q(thumbnail__isnull=False)).values(*TOLD, "drawn"))


def _as_told(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: row[key] for key in TOLD if key not in ("size_bytes", "event_id")}
    return plain | {"bytes": row["size_bytes"], "thumbnail": row["drawn"]}


def _parcel(actor: Actor, code: str) -> Parcel:
    found = in_territory(Parcel.objects.filter(code=code, valid_to=None), actor).only("id").first()
    if found is None:
        raise _no_parcel(code)
    return found


def _of_code(actor: Actor, code: str) -> list[int]:
    return list(in_territory(Parcel.objects.filter(code=code), actor).values_list("id", flat=True))


def _no_parcel(code: str) -> NotFound:
    return NotFound(f"没有宗地 {code}，或不在您的管辖范围内。", remedy="请核对宗地代码。")


def _shown(text: str, field: str, longest: int) -> str:
    """A text that a list, a header and a file system can show: no control characters, no path."""
    plain = "".join(
        letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    plain = plain.strip()
    if field == "name":
        plain = plain.replace("\\", "/").rpartition("/")[2]
        stem, dot, suffix = plain.rpartition(".")
        return (
            plain if len(plain) <= longest else f"{stem[: longest - len(suffix) - 1]}{dot}{suffix}"[:longest]
        )
    if len(plain) > longest:
        raise InputError(
            "text_too_long", f"说明有 {len(plain)} 个字，不能超过 {longest} 个。", "请缩短说明。", field=field
        )
    return plain
