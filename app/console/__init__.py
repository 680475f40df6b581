"""The door for staff: `/console`. How a module adds a page, in ten lines:

    bp = Blueprint("routes", __name__)                        # app/console/routes.py

    @bp.get("/routes")
    def list_routes() -> Response:
        with reading(desk().database) as session:             # never in a template
            rows = route_rows(session)
        return show_page("routes.html", rows=rows)            # extends "frame.html"

Then one line in each of three tables: `PAGES` of door.py (`routes.bp`), `ACCESS` of access.py
(`"console.routes.list_routes": TALKING`, else nobody may open it), `NAVIGATION` of navigation.py. A POST reads
its form by `read_form(Model)`, writes in `with transaction(desk().database) as session:` with `by=doer()` and
`now=desk().clock.now()`, says what it did by `toast("…")`, and redirects. CSRF, sign-in, roles and headers are
there already; a form needs `{{ csrf_field() }}`. Docs: docs/console.md.
"""
