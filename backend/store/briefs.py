"""Briefs and templates of campaigns, and the followers of uploaded lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from backend.domain.briefs import (
    Audience,
    Brief,
    BriefElsewhere,
    BriefKind,
    BriefNotFound,
    BriefState,
    Content,
    Template,
)
from backend.store.pages import Page, page_of
from backend.store.tables import BriefMemberRow, BriefRow, CampaignRow, CampaignTemplateRow

SAME = (
    "id", "name", "version", "words", "text_version", "starts_at", "lasts_days", "per_minute", "counted", "made_by",
    "changed_by", "approved_by", "reason", "campaign_id", "changed_at",
)  # fmt: skip
_ALL = select(*BriefRow.__table__.columns)


def brief_of(row: Row[*tuple[Any, ...]]) -> Brief:
    return Brief(
        kind=BriefKind(row.kind),
        state=BriefState(row.state),
        audience=Audience.load(row.audience),
        content=Content.load(row.content),
        **{name: getattr(row, name) for name in SAME},
    )


class Briefs:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, *, kind: BriefKind, name: str, words: str, text_version: str, by: str, at: datetime) -> int:
        values = {
            "kind": str(kind),
            "name": name[:200],
            "state": str(BriefState.DRAFT),
            "version": 1,
            "audience": {},
            "content": {},
            "words": words,
            "text_version": text_version,
            "lasts_days": 7,
            "per_minute": 0,
            "counted": 0,
            "made_by": by,
            "changed_by": by,
            "approved_by": "",
            "reason": "",
            "campaign_id": 0,
            "made_at": at,
            "changed_at": at,
        }
        return self.connection.execute(insert(BriefRow).values(values).returning(BriefRow.id)).scalar_one()

    def get(self, brief_id: int) -> Brief:
        """Raises BriefNotFound."""
        return self._one(brief_id, locked=False)

    def hold(self, brief_id: int) -> Brief:
        """The same, locked until the transaction ends. Raises BriefNotFound."""
        return self._one(brief_id, locked=True)

    def _one(self, brief_id: int, *, locked: bool) -> Brief:
        query = _ALL.where(BriefRow.id == brief_id)
        row = self.connection.execute(query.with_for_update() if locked else query).first()
        if row is None:
            raise BriefNotFound(id=brief_id)
        return brief_of(row)

    def put(self, brief: Brief, *, by: str, at: datetime) -> None:
        """What a colleague changed. Raises BriefElsewhere where it is no draft of this version any more."""
        changed = self.connection.execute(
            update(BriefRow)
            .where(BriefRow.id == brief.id, BriefRow.version == brief.version, BriefRow.state == str(BriefState.DRAFT))
            .values(
                name=brief.name[:200],
                version=brief.version + 1,
                audience=brief.audience.dump(),
                content=brief.content.dump(),
                words=brief.words,
                text_version=brief.text_version,
                starts_at=brief.starts_at,
                lasts_days=brief.lasts_days,
                per_minute=brief.per_minute,
                changed_by=by,
                changed_at=at,
            )
        )
        if not changed.rowcount:
            raise BriefElsewhere(state=self.get(brief.id).state)

    def move(self, brief: Brief, state: BriefState, *, at: datetime, **values: Any) -> None:
        """From where it was read to another state. Raises BriefElsewhere where somebody was quicker."""
        moved = self.connection.execute(
            update(BriefRow)
            .where(BriefRow.id == brief.id, BriefRow.version == brief.version, BriefRow.state == str(brief.state))
            .values(state=str(state), changed_at=at, **values)
        )
        if not moved.rowcount:
            raise BriefElsewhere(state=self.get(brief.id).state)

    def listed(self, *states: BriefState, page: int = 1) -> Page[Brief]:
        """Newest first."""
        query = _ALL.where(BriefRow.state.in_([str(state) for state in states])).order_by(BriefRow.id.desc())
        return page_of(self.connection, query, page, brief_of)

    def of_campaign(self, campaign_id: int) -> Brief | None:
        row = self.connection.execute(_ALL.where(BriefRow.campaign_id == campaign_id)).first()
        return brief_of(row) if row else None

    def alone_since(self, staff_id: str, *, since: datetime, besides: int) -> int:
        """To how many recipients this colleague's campaigns without another's word went, or go, since then."""
        planned = func.coalesce(func.sum(func.coalesce(CampaignRow.planned, BriefRow.counted)), 0)
        return self.connection.execute(
            select(planned)
            .select_from(BriefRow)
            .outerjoin(CampaignRow, CampaignRow.id == BriefRow.campaign_id)
            .where(
                BriefRow.changed_by == staff_id,
                BriefRow.approved_by == "",
                BriefRow.state.in_([str(BriefState.APPROVED), str(BriefState.PLANNING), str(BriefState.PLANNED)]),
                BriefRow.changed_at >= since,
                BriefRow.id != besides,
            )
        ).scalar_one()

    # planning

    def due(self, *, at: datetime, before: datetime) -> list[int]:
        """Approved ones that begin before then, and those whose worker died while it wrote the recipients down."""
        soon = or_(BriefRow.starts_at.is_(None), BriefRow.starts_at <= before)
        approved = (BriefRow.state == str(BriefState.APPROVED)) & soon
        lost = (BriefRow.state == str(BriefState.PLANNING)) & (BriefRow.lease_until < at)
        return list(
            self.connection.execute(select(BriefRow.id).where(or_(approved, lost)).order_by(BriefRow.id)).scalars()
        )

    def claim(self, brief_id: int, *, at: datetime, until: datetime) -> Brief | None:
        """Now this worker's until the lease ends; None where another has it, or it was dropped."""
        free = or_(BriefRow.lease_until.is_(None), BriefRow.lease_until < at)
        able = BriefRow.state.in_([str(BriefState.APPROVED), str(BriefState.PLANNING)])
        claimed = self.connection.execute(
            update(BriefRow)
            .where(BriefRow.id == brief_id, able, free)
            .values(state=str(BriefState.PLANNING), lease_until=until)
        )
        return self.get(brief_id) if claimed.rowcount else None

    def renew(self, brief_id: int, *, until: datetime) -> None:
        self.connection.execute(update(BriefRow).where(BriefRow.id == brief_id).values(lease_until=until))

    def has_campaign(self, brief_id: int, campaign_id: int) -> None:
        self.connection.execute(update(BriefRow).where(BriefRow.id == brief_id).values(campaign_id=campaign_id))

    # uploaded lists

    def list_members(self, brief_id: int, openids: Sequence[str]) -> None:
        """This list instead of the one before."""
        self.forget_members(brief_id)
        rows = [{"brief_id": brief_id, "openid": openid} for openid in dict.fromkeys(openids)]
        if rows:
            self.connection.execute(insert(BriefMemberRow), rows)

    def forget_members(self, brief_id: int) -> None:
        self.connection.execute(delete(BriefMemberRow).where(BriefMemberRow.brief_id == brief_id))

    def members(self, brief_id: int) -> int:
        query = select(func.count()).select_from(BriefMemberRow).where(BriefMemberRow.brief_id == brief_id)
        return self.connection.execute(query).scalar_one()

    # templates

    def add_template(self, *, kind: BriefKind, name: str, words: str, by: str, at: datetime) -> Template:
        """The next version under this name."""
        newest = select(func.coalesce(func.max(CampaignTemplateRow.version), 0)).where(
            CampaignTemplateRow.kind == str(kind), CampaignTemplateRow.name == name
        )
        version = self.connection.execute(newest).scalar_one() + 1
        values = {"kind": str(kind), "name": name, "version": version, "words": words, "by": by, "at": at}
        made = self.connection.execute(insert(CampaignTemplateRow).values(values).returning(CampaignTemplateRow.id))
        return Template(made.scalar_one(), kind, name, version, words)

    def templates(self, kind: BriefKind | None = None) -> list[Template]:
        """Every version, by kind and name, the newest of each first."""
        query = select(*CampaignTemplateRow.__table__.columns)
        if kind is not None:
            query = query.where(CampaignTemplateRow.kind == str(kind))
        rows = self.connection.execute(
            query.order_by(CampaignTemplateRow.kind, CampaignTemplateRow.name, CampaignTemplateRow.version.desc())
        )
        return [Template(row.id, BriefKind(row.kind), row.name, row.version, row.words) for row in rows]

    def template(self, template_id: int) -> Template | None:
        row = self.connection.execute(
            select(*CampaignTemplateRow.__table__.columns).where(CampaignTemplateRow.id == template_id)
        ).first()
        return Template(row.id, BriefKind(row.kind), row.name, row.version, row.words) if row else None
