"""Every endpoint of the API: the dispatcher serves this table, and the documentation is made from it."""

from typing import Any

from app.api import jobs
from app.api.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (*jobs.ENDPOINTS,)
