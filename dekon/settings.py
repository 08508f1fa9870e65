"""The one settings file. What differs between installations comes from the environment, see `.env.example`."""

from __future__ import annotations

from django.utils.csp import CSP

from dekon import env

env.load_dotenv()

MODE = env.mode()
HOME = env.home()
PRODUCTION = MODE == "production"
DEBUG = False
SECRET_KEY = env.secret_key()
FIELD_KEYS = env.field_keys()
ALLOWED_HOSTS = env.allowed_hosts()
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('*')}" for host in env.words("DEKON_ALLOWED_HOSTS") if host != "*"]

# Apps ---------------------------------------------------------------------------------------------------------------
OWN_APPS = [
    "audit",
    "history",
    "org",
    "documents",
    "ledger",
    "budget",
    "scoring",
    "coordination",
    "performance",
    "web",
    "api",
    "ops",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tasks_db",
    *(f"dekon.{name}" for name in OWN_APPS if (env.ROOT / "dekon" / name / "apps.py").exists()),
]
AUTH_USER_MODEL = "org.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Requests -----------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "dekon.urls"
WSGI_APPLICATION = "dekon.wsgi.application"
MIDDLEWARE = [
    "dekon.web.headers.HeadersMiddleware",  # outermost: its headers are on every answer, static files included
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dekon.web.transaction.TransactionMiddleware",  # before sessions: their rows belong to the request's transaction
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dekon.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dekon.web.signs.SignsMiddleware",
    "dekon.api.middleware.MethodMiddleware",
    "dekon.web.middleware.DekonErrorMiddleware",  # expected errors become pages
    "dekon.web.transaction.ScopeMiddleware",  # knows the person, sees every exception of a view
    "dekon.web.session.middleware.SignedInMiddleware",  # innermost: sessions in use, the second factor of who needs one
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [env.ROOT / "dekon" / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "dekon.web.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Databases: `default` is the app's role, `owner` migrates, verifies and backs up ---
OWNER_URL, APP_URL = env.database_urls()
DATABASES = {"default": env.database_settings(APP_URL)}
if MODE != "test":  # tests have one connection, as owner; they lend it to both names
    DATABASES["owner"] = env.database_settings(OWNER_URL)
APP_ROLE = "dekon_app" if MODE == "test" or not APP_URL else str(DATABASES["default"]["USER"])

# Background work ------------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Mail -----------------------------------------------------------------------------------------------------------------
SEAL_MAIL = env.words("DEKON_SEAL_MAIL")
MAIL_URL = env.secret("DEKON_MAIL_URL") or ("memory:" if MODE == "test" else "")
MAIL_FROM = env.text("DEKON_MAIL_FROM", "Dekon <dekon@localhost>")
MAIL_FOLDER = HOME / "outbox"
PUBLIC_URL = env.public_url()
PROXIES = env.proxies(1 if PRODUCTION else 0)

# Sign-in --------------------------------------------------------------------------------------------------------------
LOGIN_URL = "/masuk/"
CSRF_FAILURE_VIEW = "dekon.web.errors.csrf_failure"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/masuk/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "dekon.org.passwords.ObviousPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["dekon.web.session.backend.OwnAccountBackend"]
ASKS_DEMO_FOR_FACTOR = PRODUCTION
"""Whether people of the demo must set up a second factor too; elsewhere the demo signs in with its one password."""
MFA_ADAPTER = "dekon.web.session.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Dekon"
MFA_TOTP_TOLERANCE = 1  # clocks of phones run up to half a minute apart; no code counts twice
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # browsers and fido2 take https, and http on localhost
SOCIALACCOUNT_ADAPTER = "dekon.web.session.adapters.SsoAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another site (form-action); the state guards the way back
OIDC_URL = env.text("DEKON_OIDC_URL")
OIDC_NAME = env.text("DEKON_OIDC_NAME", "SSO Kementerian")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME,
                "client_id": env.text("DEKON_OIDC_CLIENT"),
                "secret": env.secret("DEKON_OIDC_SECRET"),
                "settings": {"server_url": OIDC_URL, "fetch_userinfo": True},
            }
        ]
        if OIDC_URL
        else [],
    }
}
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Protection -----------------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],  # no inline code at all, not even by nonce
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "__Host-dekon_session" if PRODUCTION else "dekon_session"  # no other host can set it
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "dekon.web.session.store"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked by machines of the same host, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None

# Language, time -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesia"), ("en", "English")]
LOCALE_PATHS = [env.ROOT / "dekon" / "locale"]
LANGUAGE_COOKIE_NAME = "dekon_language"
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True

# Files ----------------------------------------------------------------------------------------------------------------
HANDED_OVER = ("dekon.budget.services.handover.OpenInBudget",)
"""What a leaving person may have open, by the apps that know it (`org.services.offices.Belongings`)."""

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
HEADS_FILE = HOME / "heads" / "heads.jsonl"
PKI_FOLDER = HOME / "pki"
TSA_URL = env.text("DEKON_TSA_URL")
CERTIFIED_ROOTS = env.text("DEKON_CERTIFIED_ROOTS")
REVOCATION_LISTS = env.text("DEKON_REVOCATION_LISTS")
ESIGN_URL = env.secret("DEKON_ESIGN_URL")
ESIGN_SECONDS = 60
PKCS11_MODULE = env.text("DEKON_PKCS11_MODULE")
TRUSTED_ROOTS = env.text("DEKON_TRUSTED_ROOTS")
CLAMD = env.clamd()
STATIC_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STATIC_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_PLAIN if MODE == "test" else STATIC_HASHED},
}
WHITENOISE_USE_FINDERS = MODE == "test"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "dekon.lib.hygiene.CleanFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("DEKON_LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # not Django's own handlers: their lines would not be cleaned
        "django.server": {"handlers": [], "propagate": True},
        "dekon.heads": {"level": "INFO"} if PRODUCTION else {},  # the shipped log vouches for the copies of heads
        "django.db.backends": {"level": "INFO"},  # statements carry the values of people, at any level
    },
}
