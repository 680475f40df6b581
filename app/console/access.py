"""Who may open what: the one table of the console. A view that is not in it is open to nobody."""

from collections.abc import Mapping

from app.staff.rules import Role

EVERYONE = frozenset(Role)
ADMINS = frozenset({Role.ADMIN})
TALKING = frozenset({Role.ADMIN, Role.RECRUITER})
"""Who works with people: names, messages, profiles."""
CONTENT = frozenset({Role.ADMIN, Role.EDITOR})
"""Who makes what is sent: menus, surveys, texts."""

OPEN = frozenset({"console.static", "console.assets.send_asset", "console.account.sign_in"})
"""What one opens before signing in."""

ACCESS: Mapping[str, frozenset[Role]] = {
    "console.nowhere": EVERYONE,
    "console.account.sign_out": EVERYONE,
    "console.account.show_account": EVERYONE,
    "console.account.save_account": EVERYONE,
    "console.account.change_password": EVERYONE,
    "console.account.choose_channel": EVERYONE,
    "console.today.show_today": EVERYONE,
    "console.search.find": TALKING,
    "console.people.list_friends": TALKING,
    "console.people.list_members": TALKING,
    "console.people.export_friends": ADMINS,
    "console.person.show_person": TALKING,
    "console.person.reveal": TALKING,
    "console.unlinking.end_link": TALKING,
    "console.jobs.list_jobs": EVERYONE,
    "console.jobs.show_job": EVERYONE,
    "console.jobs.list_people": TALKING,
    "console.failures.list_failures": TALKING,
    "console.failures.replay": TALKING,
    "console.failures.discard": ADMINS,
    "console.failures.send_once_more": TALKING,
    "console.failures.give_up_message": TALKING,
    "console.settings.list_endpoints": ADMINS,
    "console.settings.stop": ADMINS,
    "console.settings.show_settings": ADMINS,
    "console.settings.list_channels": ADMINS,
    "console.api_keys.list_keys": ADMINS,
    "console.api_keys.add": ADMINS,
    "console.api_keys.revoke": ADMINS,
    "console.audit.list_audit": ADMINS,
    "console.staff.list_staff": ADMINS,
    "console.staff.add": ADMINS,
    "console.staff.set_role": ADMINS,
    "console.staff.reset_password": ADMINS,
    "console.staff.leave": ADMINS,
    "console.menus.list_menus": CONTENT,
    "console.menus.list_versions": CONTENT,
    "console.menus.show_publish": CONTENT,
    "console.menus.publish": CONTENT,
    "console.menus.unplan": CONTENT,
    "console.menus.discard": CONTENT,
    "console.menus.restore": CONTENT,
    "console.menu_editor.edit": CONTENT,
    "console.menu_editor.look": CONTENT,
    "console.menu_editor.save": CONTENT,
    "console.menu_editor.upload": CONTENT,
    "console.menu_files.send_upload": CONTENT,
    "console.menu_files.send_version": CONTENT,
    "console.routes.list_routes": EVERYONE,
    "console.routes.download": EVERYONE,
    "console.routes.show_route": EVERYONE,
    "console.routes.new_route": CONTENT,
    "console.routes.edit_route": CONTENT,
    "console.routes.end": CONTENT,
    "console.routes.reopen": CONTENT,
}


def may_open(role: Role, endpoint: str | None) -> bool:
    """Whether this role may open this view, with any method."""
    return endpoint is not None and role in ACCESS.get(endpoint, frozenset())
