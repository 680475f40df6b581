"""監査記録: who did what to whom."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.console import reasons
from app.console.desk import desk
from app.console.pages import show_page
from app.console.paging import ROWS, page_of, read_id
from app.db import reading
from app.staff.queries import AuditFilter, audit_rows, staff_names

bp = Blueprint("audit", __name__)


@bp.get("/audit")
def list_audit() -> Response:
    """The newest first, narrowed to a person of staff or a kind of deed."""
    staff_id, action = read_id(request.args.get("staff")), request.args.get("action")
    wanted = AuditFilter(staff_id=staff_id, action=action if action in reasons.ACTIONS else None)
    with reading(desk().database) as session:
        before = read_id(request.args.get("after"))
        found = audit_rows(session, wanted, before=before, limit=ROWS + 1)
        names = staff_names(session)
    return show_page("audit.html", rows=page_of(found, lambda row: row.id), names=names, wanted=wanted)
