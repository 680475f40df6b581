"""Every endpoint of the API: the dispatcher serves this table, and the documentation is made from it."""

from typing import Any

from app.api import (
    activity,
    answers,
    applications,
    appointments,
    consents,
    friends,
    jobs,
    links,
    members,
    placements,
    recommendations,
    search,
)
from app.api.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    *members.ENDPOINTS,
    *consents.ENDPOINTS,
    *jobs.ENDPOINTS,
    *search.ENDPOINTS,
    *recommendations.ENDPOINTS,
    *activity.ENDPOINTS,
    *applications.ENDPOINTS,
    *placements.ENDPOINTS,
    *appointments.ENDPOINTS,
    *friends.ENDPOINTS,
    *answers.ENDPOINTS,
    *links.ENDPOINTS,
)
