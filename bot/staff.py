"""`huiqiao staff`: accounts of the console. Passwords are asked for or read from stdin, never taken from the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from backend.domain.clock import CHINA
from backend.domain.roles import Role
from backend.domain.staff import StaffError
from bot.terminal import settings_of
from bot.terminal import tell as _tell
from bot.terminal import word as _word

if TYPE_CHECKING:
    from bot.assembly import Assembly  # heavy: imported where it is built, so that commands start fast

ROLES = [str(role) for role in Role if role in Role.staff()]


@click.group()
def staff() -> None:
    """Accounts of the console."""


def _parts() -> Assembly:
    from backend.store.schema import upgrade
    from bot.assembly import Assembly

    parts = Assembly(settings_of())
    upgrade(parts.database)
    return parts


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(_word("staff.password"), hide_input=True, confirmation_prompt=_word("staff.again")))


def _refused(error: StaffError) -> click.ClickException:
    return click.ClickException(_word(f"staff.problem.{error.code}"))


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--agency", default="")
@click.option("--password-stdin", is_flag=True)
def staff_add(name: str, role: str, agency: str, password_stdin: bool) -> None:
    """Open an account for NAME; --agency names the body an agency verifier works for."""
    from backend.services.staff import add_staff

    parts = _parts()
    try:
        made = add_staff(
            parts.database,
            name=name,
            role=Role(role),
            agency=agency,
            password=_password(from_stdin=password_stdin),
            at=parts.clock.now(),
        )
    except StaffError as error:
        raise _refused(error) from None
    _tell("staff.added", name=made.name, text=_word(f"staff.role.{made.role}"))


@staff.command("list")
def staff_list() -> None:
    """Every account."""
    from backend.services.staff import everyone

    people = everyone(_parts().database)
    if not people:
        _tell("staff.none")
    for one, last in people:
        state = "disabled" if one.disabled else "must_change" if one.must_change else "fine"
        at = f"{last.astimezone(CHINA):%Y-%m-%d %H:%M}" if last else "-"
        _tell(
            "staff.line",
            name=one.name,
            text=_word(f"staff.role.{one.role}"),
            at=at,
            number=_word(f"staff.state.{state}"),
        )


@staff.command("disable")
@click.argument("name")
def staff_disable(name: str) -> None:
    """NAME may log in no more; open sessions end."""
    from backend.services.staff import disable_staff

    parts = _parts()
    try:
        disable_staff(parts.database, name=name, at=parts.clock.now())
    except StaffError as error:
        raise _refused(error) from None
    _tell("staff.disabled", name=name)


@staff.command("enable")
@click.argument("name")
def staff_enable(name: str) -> None:
    """NAME may log in again."""
    from backend.services.staff import enable_staff

    parts = _parts()
    try:
        enable_staff(parts.database, name=name, at=parts.clock.now())
    except StaffError as error:
        raise _refused(error) from None
    _tell("staff.enabled", name=name)


@staff.command("reset")
@click.argument("name")
@click.option("--password-stdin", is_flag=True)
def staff_reset(name: str, password_stdin: bool) -> None:
    """A new password for NAME, to be changed at the next log-in; open sessions end, a lock is lifted."""
    from backend.services.staff import reset_password

    parts = _parts()
    try:
        reset_password(
            parts.database,
            name=name,
            password=_password(from_stdin=password_stdin),
            must_change=True,
            at=parts.clock.now(),
        )
    except StaffError as error:
        raise _refused(error) from None
    _tell("staff.reset", name=name)


def console_entrance(parts: Assembly) -> str:
    """Where the demonstration's console is, its accounts, and their one password: new with every start."""
    from backend.services.staff import DEMONSTRATION, open_demonstration

    at = parts.settings.public_url
    try:
        password = open_demonstration(parts.database, at=parts.clock.now())
    except StaffError:
        return _word("staff.entrance_own", number=at)
    accounts = [
        _word("staff.entrance_account", name=name, text=_word(f"staff.role.{role}"))
        for role, name in DEMONSTRATION.items()
    ]
    return "\n".join([_word("staff.entrance", number=at, text=password), *accounts])
