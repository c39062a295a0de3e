"""Every setting, in reading order: who we are, apps, pages, data, accounts, mail, jobs, plan, safety.

What differs between places is the environment, not this file. Without any variable it is a development machine.
"""

from datetime import date, timedelta
from pathlib import Path

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from hub import env

HOUSE = Path(__file__).resolve().parent.parent

# ---------------------------------------------------------------- who we are
DEBUG = env.flag("HUB_DEBUG", default=True)
SECRET_KEY = env.text("HUB_SECRET_KEY", "development-only-not-a-secret-" + "x" * 40 if DEBUG else None)
ALLOWED_HOSTS = env.words("HUB_HOSTS", "localhost,127.0.0.1,[::1],testserver" if DEBUG else "")
HUB_NAME = env.text("HUB_NAME", "Co-Parenting Hub")
HUB_PLAN_NAME = env.text("HUB_PLAN_NAME", "Our Child’s Plan")
HUB_ADDRESS = env.text("HUB_ADDRESS", "http://localhost:8000" if DEBUG else None).rstrip("/")
HUB_SUPPORT_EMAIL = env.text("HUB_SUPPORT_EMAIL", "help@hub.example")
HUB_EXIT_ADDRESS = env.text("HUB_EXIT_ADDRESS", "https://www.bbc.co.uk/weather")
VAR = Path(env.text("HUB_VAR", str(HOUSE / "var")))
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set the environment variable HUB_HOSTS to the names this site answers to.")

# ---------------------------------------------------------------- apps
INSTALLED_APPS = [
    "hub",
    "accounts",
    "parenting_plan",
    "programmes",
    "goals",
    "articles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.watch.Watch",
    "hub.middleware.Privacy",
    "hub.middleware.Busy",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionsSeen",
]

# ---------------------------------------------------------------- pages
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOUSE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hub.context.frame",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "hub.forms.GovukRenderer"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("HUB_STATIC_ROOT", str(HOUSE / "staticfiles")))
STATICFILES_DIRS = [HOUSE / "static"]
WHITENOISE_USE_FINDERS = DEBUG
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [HOUSE / "hub" / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
CSRF_FAILURE_VIEW = "hub.views.csrf_failure"
# In the session, not in a cookie of its own: "Sent to Callum" must not stay on a device, nor on a page of everybody's.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---------------------------------------------------------------- data
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite://{VAR / 'hub.sqlite3'}" if DEBUG else None)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;"
            "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;PRAGMA cache_size=-20000"
        ),
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        # Values are bound by the server, so that what a connection asks again and again is planned once.
        "server_side_binding": True,
        "prepare_threshold": 5,
        # lock and statement limits: no page waits for ever behind another
        "options": (
            "-c lock_timeout=2000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=30000"
            " -c timezone=UTC"
        ),
    }
    if pool := env.number("HUB_DATABASE_POOL", 0):
        DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": pool, "timeout": 10}
    else:
        DATABASES["default"]["CONN_MAX_AGE"] = env.number("HUB_DATABASE_KEEP_SECONDS", 60)
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
HUB_ONE_DATABASE_ROLE = env.flag("HUB_ONE_DATABASE_ROLE", default=DEBUG)  # yes: the web may own the record's tables
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", "" if DEBUG else None)
CACHES = {
    "default": (
        {
            "BACKEND": "hub.caches.Forgiving",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "hub_cache"}
    )
}
# Agreed plans as files, kept by content. Never below STATIC_ROOT: nothing here has an address of its own.
HUB_FILES = Path(env.text("HUB_FILES", str(VAR / "files")))

# ---------------------------------------------------------------- keeping it
# Heads of the record, signed, outside the database; and whole copies. `manage.py keep` writes both.
HUB_ANCHORS = Path(env.text("HUB_ANCHORS", str(VAR / "anchors")))
HUB_ANCHOR_KEY = env.text("HUB_ANCHOR_KEY", "")  # given to the keeper alone; parenting_plan.anchors asks for it
HUB_ANCHOR_PUBLIC_KEYS = env.words("HUB_ANCHOR_PUBLIC_KEYS")
HUB_BACKUPS = Path(env.text("HUB_BACKUPS", str(VAR / "backups")))
HUB_BACKUP_RECIPIENT = env.text("HUB_BACKUP_RECIPIENT", "")  # a public key of age; its private key is not on the server
HUB_BACKUPS_KEPT = env.number("HUB_BACKUPS_KEPT", 14)  # what was erased is gone from all copies after as many nights
HUB_METRICS_TOKEN = env.text("HUB_METRICS_TOKEN", "")  # without it /metrics is open in development and shut elsewhere

# ---------------------------------------------------------------- accounts
AUTH_USER_MODEL = "accounts.User"
# One backend: with two, every wrong password is hashed twice.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.NotCommon"},
    {"NAME": "accounts.passwords.NotEasyToGuess"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignUp",
    "login": "accounts.forms.SignIn",
    "request_login_code": "accounts.forms.AskForSignInCode",
    "confirm_login_code": "accounts.forms.ConfirmSignInCode",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailCode",
    "confirm_password_reset_code": "accounts.forms.ConfirmResetCode",
    "reset_password": "accounts.forms.AskForReset",
    "reset_password_from_key": "accounts.forms.ChooseNewPassword",
    "set_password": "accounts.forms.SetFirstPassword",
    "change_password": "accounts.forms.ChangePassword",
    "add_email": "accounts.forms.ChangeEmail",
    "reauthenticate": "accounts.forms.ConfirmItIsYou",
}
HUB_SIGN_UP_OPEN = env.flag("HUB_SIGN_UP_OPEN", default=True)
HUB_STAFF_SECOND_STEP = env.flag(
    "HUB_STAFF_SECOND_STEP", default=not DEBUG
)  # no staff page without an app or a passkey
HUB_AUDIT_DAYS = env.number("HUB_AUDIT_DAYS", 7 * 365)  # how long it stays on record who read or did what
HUB_STAFF_DOMAINS = env.words("HUB_STAFF_DOMAINS")  # of work addresses; none named: any
HUB_CLOSE_WAIT_DAYS = env.number("HUB_CLOSE_WAIT_DAYS", 7)  # before staff close an account somebody wrote or rang about
HUB_STAFF_UNUSED_DAYS = env.number("HUB_STAFF_UNUSED_DAYS", 60)  # without a sign-in, then the account is stopped
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_RATE_LIMITS = {  # beside allauth's own
    "look_up_code": "10/m/ip",  # the check code on a printed plan
    "invitation_code": "10/h/ip",  # the code a parent hands over to the other
    "helpful": "20/h/ip",  # answers to "Was this helpful?"
    "helpful_once": "1/m/key",  # of one address for one article: two presses are one answer
}
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = False
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_TOTP_ISSUER = "Planning hub"  # what a phone's app shows: discreet, like the sender of our mail
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStep",
    "reauthenticate": "accounts.forms.ConfirmBySecondStep",
    "activate_totp": "accounts.forms.AddApp",
    "add_webauthn": "accounts.forms.AddPasskey",
    "login_webauthn": "accounts.forms.PasskeySignIn",
    "authenticate_webauthn": "accounts.forms.PasskeySecondStep",
    "reauthenticate_webauthn": "accounts.forms.ConfirmByPasskey",
    "edit_webauthn": "accounts.forms.RenamePasskey",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("HUB_PROXIES", 0)

# ---------------------------------------------------------------- mail
EMAIL_BACKEND = env.text(
    "HUB_EMAIL_BACKEND", "hub.mailbox.Backend" if DEBUG else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env.text("HUB_SMTP_HOST", "localhost" if DEBUG else None)
EMAIL_PORT = env.number("HUB_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("HUB_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("HUB_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("HUB_SMTP_TLS", default=not DEBUG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("HUB_FROM_EMAIL", "Planning hub <no-reply@hub.example>")
HUB_MAIL_SUBJECT = env.text("HUB_MAIL_SUBJECT", "You have an update")

# ---------------------------------------------------------------- jobs
# a Redis on a unix socket has another word in front for Celery than for the cache
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1) or "filesystem://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(VAR / "broker"),
        "data_folder_out": str(VAR / "broker"),
        "control_folder": str(VAR / "broker-control"),
        "polling_interval": 0.2,
    }
)
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 20
CELERY_TASK_TIME_LIMIT = 30
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
# Beat only rings bells: each task finds what is due by a query, so a missed ring is made up by the next.
CELERY_BEAT_SCHEDULE = {
    "send mail that is due": {
        "task": "hub.tasks.relay_mail",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "say that the worker works": {
        "task": "hub.tasks.say_that_the_worker_works",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "publish what was planned for now": {
        "task": "hub.tasks.publish_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "count what managers look at": {"task": "hub.tasks.count_figures", "schedule": crontab(hour=4, minute=10)},
    "erase what may not be kept any longer": {
        "task": "hub.tasks.erase_what_is_due",
        "schedule": crontab(hour=3, minute=10),
    },
    "make copies of people's data, and forget old ones": {
        "task": "accounts.tasks.make_copies",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "stop staff accounts that nobody uses": {
        "task": "accounts.tasks.look_for_unused",
        "schedule": crontab(hour=5, minute=20),
    },
    "tell parents what is due": {
        "task": "parenting_plan.tasks.tell_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "tell people what is due in their programmes": {
        "task": "programmes.tasks.tell_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "remind people who asked to be reminded of their goals": {
        "task": "goals.tasks.tell_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "bring in referrals that staff confirmed": {
        "task": "programmes.tasks.import_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "draw certificates": {
        "task": "programmes.tasks.draw_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "draw easy-read papers": {
        "task": "articles.tasks.draw_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
    "draw plans that changed": {
        "task": "parenting_plan.tasks.draw_what_is_due",
        "schedule": timedelta(seconds=env.number("HUB_RELAY_SECONDS", 60)),
    },
}

# ---------------------------------------------------------------- the plan
PLAN_REST = timedelta(seconds=env.number("HUB_PLAN_REST_SECONDS", 24 * 60 * 60))  # an agreed part is locked this long
PLAN_INVITATION_DAYS = 14
PLAN_INVITATIONS_PER_DAY = 3
PLAN_INVITATIONS_PER_PLAN = 5
PLAN_PROFESSIONAL_DAYS = 30
PLAN_NUDGE_DAYS = (5, 14)
PLAN_MAIL_GAP = timedelta(seconds=env.number("HUB_MAIL_GAP_SECONDS", 0 if DEBUG else 15 * 60))  # one mail a burst
PLAN_GATE_DAYS = 90  # the safety questions are asked again after this
PLAN_COMMITS_PER_DAY = 100
PLAN_TEXT_LIMIT = 2000
PLAN_NOTE_LIMIT = 500
PLAN_AGE = env.number("HUB_PLAN_AGE", 25)  # a shared plan is kept until its youngest child is so old; never fewer years
PLAN_ALONE_MONTHS = 12  # a plan that nobody joined goes so long after anything was last done in it
PLAN_OPENING = timedelta(minutes=30)  # how long staff may read a plan's words for one stated reason
PLAN_LOOK_HOURS = {"": 4, "immediate": 2, "high": 8, "usual": 40}  # of work, until staff looked; "": nobody said yet
HUB_CLOSED_DAYS = [  # bank holidays in England; a year that is missing only makes staff look sooner
    date.fromisoformat(day)
    for day in (
        "2026-12-25 2026-12-28 2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28 "
        "2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26"
    ).split()
]

# ---------------------------------------------------------------- programmes
PROGRAMME_LINK_HOURS = 72  # a referral's link
PROGRAMME_LEARNING_DAYS = 10  # to do the e-learning, after joining
WORKSHOP_MOVE_HOURS = 48  # a place can be moved or given up until this long before
WORKSHOP_CHANGED_HOURS = 72  # after staff change the time of a session, whoever has a place may leave it for so long
WORKSHOP_REMINDER_HOURS = (7 * 24, 24)
PROGRAMME_CASE_YEARS = env.number("HUB_CASE_YEARS", 6)  # a court case is kept so long after the last thing in it
IMPORT_KEPT_DAYS = 7  # the rows of a file of referrals go after this
IMPORT_BYTES = 4 * 1024 * 1024  # of such a file; the proxy lets more pass, so that the page can say why not

# ---------------------------------------------------------------- safety
HUB_PRIVATE_SECONDS = env.number("HUB_PRIVATE_SECONDS", 5 * 60)  # then goals and notes ask again who reads them
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = env.number("HUB_SESSION_SECONDS", 60 * 60)  # after the last use
HUB_SESSION_LONGEST_SECONDS = 12 * 60 * 60
HUB_STAFF_SESSION_SECONDS = env.number("HUB_STAFF_SESSION_SECONDS", 30 * 60)  # of staff, after the last use
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "hub_session" if DEBUG else "__Host-hub_session"
CSRF_COOKIE_NAME = "hub_csrf" if DEBUG else "__Host-hub_csrf"
CSRF_COOKIE_AGE = None  # gone with the browser: no trace of a visit for a year on a shared device
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [HUB_ADDRESS] if HUB_ADDRESS.startswith("https://") else []
SECURE_SSL_REDIRECT = env.flag("HUB_HTTPS_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "hub.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("HUB_LOG_LEVEL", "WARNING")},
    "loggers": {
        "hub": {"level": "INFO"},
        "hub.visits": {"level": "WARNING" if DEBUG else "INFO"},  # a line for each answer: too many for a terminal
        "django.server": {"handlers": ["console"], "propagate": False},
    },
}
