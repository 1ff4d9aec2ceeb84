"""What every command needs: the settings or a plain refusal, and words for the terminal."""

from __future__ import annotations

import click
from pydantic import ValidationError

from bot.dialogue.say import say
from bot.settings import Settings
from bot.texts import Texts


def settings_of(**given: object) -> Settings:
    """The settings, changed by options that were given; the command ends with the reason where they contradict."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type] # checked by pydantic
    except ValidationError as error:
        said = "; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        raise click.ClickException(word("office.doctor.settings", reason=said)) from None


def word(key: str, **values: object) -> str:
    return Texts().render(say(key, **values))  # type: ignore[arg-type] # values come from our own code


def tell(key: str, **values: object) -> None:
    click.echo(word(key, **values))
