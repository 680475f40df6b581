"""What gunicorn loads: `gunicorn wsgi:application`."""

from app.factory import create_app
from app.logs import configure_logs
from app.memory import keep_what_is_loaded
from app.settings import Settings

settings = Settings.from_env()
configure_logs(settings.log_format)
application = create_app(settings)
keep_what_is_loaded()
