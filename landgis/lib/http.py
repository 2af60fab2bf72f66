"""Turning deliberate errors into answers, handing out files, and saying that the service is alive.

Refuses to show anyone a stack trace.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header

from landgis.lib.errors import FieldErrors, LandgisError
from landgis.lib.words import spoken


class DeliberateErrors:
    """Middleware: a LandgisError becomes JSON for programs and a page in the house's look for people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any]
    ) -> None:
        """The database holds no NUL character, so an address with one names nothing."""
        if any("\x00" in value for value in named.values() if isinstance(value, str)):
            raise Http404

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, LandgisError):
            return None
        if request.path.startswith(("/api/", "/ogc")) or "text/html" not in request.headers.get("Accept", ""):
            return JsonResponse(
                refusal(error), status=error.status, json_dumps_params={"ensure_ascii": False}
            )
        return render(request, "error.html", {"error": error}, status=error.status)


def refusal(error: LandgisError) -> dict[str, Any]:
    """The error as JSON, with its words for people in the page's language."""
    body: dict[str, Any] = error.as_json()
    said: dict[str, Any] = {name: spoken(body[name]) for name in ("message", "remedy") if name in body}
    if isinstance(error, FieldErrors):
        said["issues"] = [{**issue, "message": spoken(issue["message"])} for issue in error.issues]
    return body | said


class ChosenLanguage:
    """Middleware: Chinese, unless the person chose English; a browser's own language decides nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be kept, under its Chinese name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def streamed_download(pieces: Iterable[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """The same for a file that is long in the making: its first pieces leave before the last are made."""
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has a county, else 503 with what is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM counties_county")
            (counties,) = cursor.fetchone()
    except DatabaseError:
        return HttpResponse("database unavailable", status=503, content_type="text/plain")
    if not counties:
        return HttpResponse("no county loaded", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")
