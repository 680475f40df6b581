"""Every table of Goen.

Foreign keys cross the features by name, so whoever opens the database must have met all of them.
"""

from sqlalchemy import MetaData

from app import definitions
from app.announcements import models as announcements
from app.api import models as api
from app.db import Base
from app.friends import models as friends
from app.handoff import models as handoff
from app.jobs import models as jobs
from app.links import models as links
from app.members import models as members
from app.messaging import models as messaging
from app.privacy import models as privacy
from app.rankings import models as rankings
from app.recommend import models as recommend
from app.routes import models as routes
from app.site_keys import models as site_keys
from app.staff import models as staff
from richmenu import models as richmenu
from surveys import models as surveys

_FEATURES = (
    announcements,
    api,
    definitions,
    friends,
    handoff,
    jobs,
    links,
    members,
    messaging,
    privacy,
    rankings,
    recommend,
    richmenu,
    routes,
    site_keys,
    staff,
    surveys,
)


def every_table() -> MetaData:
    """All tables; called where a process begins, so that every foreign key finds its table."""
    return Base.metadata
