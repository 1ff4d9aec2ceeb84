"""`huiqiao staff` as an administrator types it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.domain.clock import SystemClock
from backend.domain.staff import LogInRefused
from backend.services.sessions import log_in
from backend.store.database import Database
from bot.cli import main
from tests.support.desk_of_staff import PASSWORD


@dataclass
class Terminal:
    folder: Path
    url: str

    def staff(self, *words: str, typed: str = "") -> Result:
        """The command in this process: each of its own would spend its time on imports."""
        environment = {"HUIQIAO_DATA": str(self.folder / "data"), "DATABASE_URL": self.url, "WECHAT_APP_ID": ""}
        done = CliRunner().invoke(main, ["staff", *words], input=typed, env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def opens(self, name: str, password: str) -> bool:
        database = Database(self.url)
        try:
            log_in(database, name=name, password=password, at=SystemClock().now(), demonstration=False)
        except LogInRefused:
            return False
        finally:
            database.close()
        return True


@pytest.fixture
def terminal(database_url: str, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, database_url)


def test_an_account_from_first_to_last(terminal: Terminal) -> None:
    """On a database that is still empty of any table."""
    assert "还没有账号" in terminal.staff("list").stdout
    added = terminal.staff("add", "王老师", "--role", "administrator", "--password-stdin", typed=PASSWORD + "\n")
    assert (added.exit_code, added.stdout) == (0, "已开账号：王老师（管理员）\n")
    assert terminal.opens("王老师", PASSWORD)
    assert terminal.staff("disable", "王老师").exit_code == 1
    terminal.staff("add", "李四", "--role", "operator", "--password-stdin", typed=PASSWORD)
    assert "李四　运营　正常" in terminal.staff("list").stdout
    assert terminal.staff("disable", "李四").exit_code == 0
    assert not terminal.opens("李四", PASSWORD)
    terminal.staff("enable", "李四")
    reset = terminal.staff("reset", "李四", "--password-stdin", typed="another one 42\n")
    assert (reset.exit_code, PASSWORD in reset.stdout) == (0, False)
    assert (terminal.opens("李四", PASSWORD), terminal.opens("李四", "another one 42")) == (False, True)
    assert "待改口令" in terminal.staff("list").stdout


def test_what_is_refused_is_refused_in_words(terminal: Terminal) -> None:
    terminal.staff("add", "王老师", "--role", "auditor", "--password-stdin", typed=PASSWORD)
    for words, typed, said in [
        (("add", " ＷＡＮＧ ", "--role", "auditor", "--password-stdin"), "short", "口令太短"),
        (("add", "王老师", "--role", "auditor", "--password-stdin"), PASSWORD, "已有同名账号"),
        (("add", "   ", "--role", "auditor", "--password-stdin"), PASSWORD, "姓名不能为空"),
        (("add", "x", "--role", "auditor", "--password-stdin"), "aaaaaaaaaaaa", "太简单"),
        (("add", "x", "--role", "king", "--password-stdin"), PASSWORD, "administrator"),
        (("reset", "nobody", "--password-stdin"), PASSWORD, "没有这个账号"),
        (("disable", "nobody"), "", "没有这个账号"),
    ]:
        done = terminal.staff(*words, typed=typed)
        assert done.exit_code != 0
        assert said in done.stderr, (words, done.stderr)
