"""An information table on a page: upload, every problem by row and column, confirm, and what became of each row."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from backend.domain.downloads import saved_as
from backend.domain.errors import AssistantError
from backend.domain.questions import MyProfile
from backend.domain.tables import MOST_ROWS, Table, TableNotFound, TableStatus
from backend.services.declarations.papers import KINDS, PressRoom
from backend.services.declarations.tables import Tables
from bot.dialogue.say import Value, say
from bot.h5.forms.door import Visit
from bot.h5.forms.drafts import Drafts

HERE = "/h5/table"
MOST_SHOWN = 1000


class TablePages:
    def __init__(self, tables: Tables, drafts: Drafts, press: PressRoom) -> None:
        self.tables, self.drafts, self.press = tables, drafts, press

    def all(self, visit: Visit) -> Response:
        return self._all(visit)

    def upload(self, visit: Visit) -> Response:
        """Checked at once; the page of the result, or what was wrong with the file."""
        if not visit.files:
            return self._all(visit, self._words("table.none"))
        try:
            table_id = self.tables.check(visit.openid, visit.files[0].read(), visit.files[0].name)
        except AssistantError as error:
            return self._all(visit, self._of(error))
        return self.drafts.see(self.address(visit.openid, table_id))

    def one(self, visit: Visit) -> Response:
        """What was wrong in it, or how far its rows are."""
        table = self._named(visit)
        if table is None:
            return self.drafts.dead()
        shown = table.problems[:MOST_SHOWN]
        return self.drafts.page(
            "forms/table.html",
            visit,
            table=table,
            here=self.address(visit.openid, table.id),
            problems=[(each, self._words(f"import.problem.{each.code}", **each.values)) for each in shown],
            rows=self.tables.rows(table) if table.status is not TableStatus.CHECKED else [],
        )

    def confirm(self, visit: Visit) -> Response:
        return self._do(visit, self.tables.confirm)

    def drop(self, visit: Visit) -> Response:
        return self._do(visit, self.tables.drop)

    def blank(self, _visit: Visit) -> Response:
        """The table with its headers and nothing else."""
        name = self._words("table.blank_name")
        return Response(self.press.blank_table(), headers=saved_as(name), media_type=KINDS["xlsx"])

    def address(self, openid: str, table_id: int) -> str:
        return f"{HERE}/{self.drafts.names.table(openid, table_id)}"

    def _do(self, visit: Visit, work: Any) -> Response:
        table = self._named(visit)
        try:
            if table is None:
                raise TableNotFound
            work(visit.openid, table.id)
        except TableNotFound:
            return self.drafts.dead()
        return self.drafts.see(self.address(visit.openid, table.id))

    def _all(self, visit: Visit, trouble: str = "") -> Response:
        profile = self.drafts.desk.answer(MyProfile(), visit.openid)
        mine = [(table, self.address(visit.openid, table.id)) for table in self.tables.of(visit.openid)]
        return self.drafts.page(
            "forms/tables.html",
            visit,
            422 if trouble else 200,
            profile=profile,
            mine=mine,
            trouble=trouble,
            here=HERE,
            most=MOST_ROWS,
        )

    def _named(self, visit: Visit) -> Table | None:
        name, names = visit.params["name"], self.drafts.names
        mine = self.tables.of(visit.openid)
        found = next((table.id for table in mine if names.table(visit.openid, table.id) == name), None)
        return self.tables.get(visit.openid, found) if found is not None else None

    def _of(self, error: AssistantError) -> str:
        values: dict[str, Any] = error.values
        return self._words(f"import.{error.code}" if error.code.startswith("file.") else error.code, **values)

    def _words(self, key: str, **values: Value) -> str:
        return self.drafts.texts.render(say(key, **values))
