"""The page of the map workspace; what it shows comes from the addresses in `views`.

Refuses everybody without the right to view the map.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from landgis.access.rules import VIEW_MAP
from landgis.access.views import right_required


@right_required(VIEW_MAP)
@require_GET
@ensure_csrf_cookie
def workspace_page(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace.html")
