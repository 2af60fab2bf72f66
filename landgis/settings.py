"""Every setting of landgis in one file, read from the environment by typed readers that fail loudly.

Refuses to start on a value that can't be read, on missing GDAL/GEOS libraries, or with a guessed secret in production.
"""

import importlib.util
import os
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("LANDGIS_VAR_DIR", BASE_DIR / "var"))

# Another program's PROJ or GDAL data would be read by our bundled libraries and break them.
for _name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA"):
    os.environ.pop(_name, None)

# Drivers that follow what a file says to other files, programs or addresses: a delivered file stands for itself only.
os.environ["OGR_SKIP"] = (
    "OGR_VRT,GDALG,HTTP,WFS,OAPIF,OGCAPI,CSW,EEDA,Elasticsearch,Carto,AmigoCloud,PLSCENES,NGW,ADBC,GPSBabel"
)


def env_flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no", "on", "off"):
        raise ImproperlyConfigured(f"{name}={value!r}: say 1 or 0")
    return default if value == "" else value in ("1", "true", "yes", "on")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if value and not re.fullmatch(r"-?\d+", value):
        raise ImproperlyConfigured(f"{name}={value!r}: say a whole number")
    return int(value) if value else default


def env_list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def bundled_library(package: str, pattern: str, variable: str) -> str | None:
    """The library inside a wheel (`shapely.libs/…`), unless the environment names another; None = the system's."""
    if named := os.environ.get(variable):
        return named
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    found = sorted((Path(spec.origin).parent.parent / f"{package}.libs").glob(pattern))
    return str(found[0]) if found else None


def package_folder(package: str) -> Path:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"{package} is not installed: start with script/server")
    return Path(spec.origin).parent


def database(url: str) -> dict[str, Any]:
    """Django's database settings from a libpq address (`postgresql://…`, `postgis://…`)."""
    try:
        parts = conninfo_to_dict(re.sub(r"^(postgis|postgres)://", "postgresql://", url))
    except Exception as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is no PostgreSQL address: postgresql://user@host/name"
        ) from error
    options = {k: v for k, v in parts.items() if k not in ("dbname", "user", "password", "host", "port")}
    pool = {"min_size": 1, "max_size": env_int("LANDGIS_DB_POOL", 8), "timeout": 10}
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": parts.get("dbname") or "landgis",
        "USER": parts.get("user") or "",
        "PASSWORD": parts.get("password") or "",
        "HOST": parts.get("host") or "",
        "PORT": str(parts.get("port") or ""),
        "OPTIONS": options | ({"pool": pool} if env_flag("LANDGIS_POOLED", False) else {}),
        "TEST": {"NAME": os.environ.get("LANDGIS_TEST_DB", "test_landgis"), "TEMPLATE": "template0"},
    }


GDAL_LIBRARY_PATH = bundled_library("pyogrio", "libgdal*", "GDAL_LIBRARY_PATH")
GEOS_LIBRARY_PATH = bundled_library("shapely", "libgeos_c*", "GEOS_LIBRARY_PATH")

DEBUG = env_flag("LANDGIS_DEBUG", False)
TESTING = env_flag("LANDGIS_TESTING", False)


def secret_key() -> str:
    if key := os.environ.get("LANDGIS_SECRET_KEY"):
        return key
    stored = VAR_DIR / "secret_key"
    if stored.exists():
        return stored.read_text().strip()
    if DEBUG or TESTING:
        return "only-for-tests-and-development"
    raise ImproperlyConfigured(
        "no secret key: set LANDGIS_SECRET_KEY, or start with script/server, which makes one"
    )


SECRET_KEY = secret_key()
ALLOWED_HOSTS = env_list("LANDGIS_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("LANDGIS_TRUSTED_ORIGINS", "")

# The county that commands and pages mean when none is named.
LANDGIS_COUNTY = os.environ.get("LANDGIS_COUNTY", "330782")

# django-ninja is no application here: importing it takes every command a tenth of a second, and only landgis.api needs
# it. What an application would bring are the pages and files of /api/docs.
NINJA = package_folder("ninja")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "axes",
    "pgtrigger",
    "pghistory",
    "django_vite",
    "landgis.counties",
    "landgis.audit",
    "landgis.access",
    "layers",
    "parcels",
]

MIDDLEWARE = [
    "layers.tiles.lane.TileLane",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "landgis.lib.http.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "landgis.access.sessions.KeepAlive",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "landgis.lib.http.DeliberateErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "landgis.urls"
WSGI_APPLICATION = "landgis.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "landgis" / "templates", NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "landgis.access.context.site",
                "parcels.notices.context.bell",
            ],
            "builtins": ["landgis.lib.words"],
            "libraries": {
                "low_efficiency": "parcels.low_efficiency.tags",
                "plans": "parcels.plans.tags",
                "reports": "parcels.reports.tags",
                "tasks": "parcels.tasks.tags",
            },
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///landgis"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

# GB/T 22239-2019 level 3: lock after 5 failures for 30 minutes; a session ends after 30 idle minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_flag("LANDGIS_HTTPS", False)
if SESSION_COOKIE_SECURE:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "landgis.lib.formats"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True
FORM_RENDERER = "landgis.lib.forms.Worded"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [NINJA / "static", *([FRONTEND_DIST] if FRONTEND_DIST.exists() else [])]
DJANGO_VITE = {
    "default": {
        "dev_mode": env_flag("LANDGIS_VITE_DEV", False),
        "manifest_path": FRONTEND_DIST / "manifest.json",
    }
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "landgis.lib.uploads.Bounded",  # stops a file that is larger than any is allowed to be, before it fills the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Histories keep what a row was, once per statement, so that a bulk load costs one trigger and not one per row.
PGHISTORY_LEVEL = "STATEMENT"
PGHISTORY_APPEND_ONLY = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
