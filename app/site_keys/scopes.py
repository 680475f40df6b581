"""What a key of the API may do (pure)."""

from enum import StrEnum


class Scope(StrEnum):
    """One right; a key has any number of them, and each endpoint asks for one."""

    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    ACTIVITY_WRITE = "activity:write"
    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    PLACEMENTS_READ = "placements:read"
    PLACEMENTS_WRITE = "placements:write"
    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_WRITE = "appointments:write"
    CONSENTS_READ = "consents:read"
    CONSENTS_WRITE = "consents:write"
    FRIENDS_READ = "friends:read"
    ANSWERS_READ = "answers:read"
    LINKS_WRITE = "links:write"
    RECOMMENDATIONS_READ = "recommendations:read"
