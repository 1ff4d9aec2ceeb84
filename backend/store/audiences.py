"""Who is meant by an audience: how many, who is left out and why, and everybody in steps. It only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from backend.domain.briefs import Audience, AudienceRole, LeftOut
from backend.domain.companies import Company
from backend.domain.drafts import Flow
from backend.domain.institutions import InstitutionLabel, InstitutionState
from backend.domain.preferences import HOUSE, Frequency, Preference
from backend.store.companies import company_of
from backend.store.institution_labels import InstitutionLabels
from backend.store.tables import (
    BriefMemberRow,
    CompanyRow,
    ConsentRow,
    DeclarationRow,
    DraftRow,
    FollowerRow,
    InstitutionLabelRow,
    InstitutionRow,
    ListingRow,
    OfficerRow,
    PreferenceRow,
)

F = FollowerRow.openid
_OWN = CompanyRow.__table__.alias("own")  # read beside the conditions on companies, which have the table's own name


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """For which purpose they must have agreed, on which day labels must hold, until when the campaign lasts, and whether
    only those with a company are meant, because patents are matched to it."""

    purpose: str
    day: date
    ends_at: datetime
    companies: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """One who gets it, with what the words about them are made of."""

    openid: str
    company: Company | None = None
    institution: str = ""
    preference: Preference = HOUSE


def _holds(column: Any, values: Sequence[str]) -> ColumnElement[bool]:
    """One of the codes stands in the column's JSON list; codes hold no quotes, so the text of the list tells."""
    text = cast(column, Text)
    return or_(*(text.like(f'%"{value}"%') for value in values))


class Audiences:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def counted(self, audience: Audience, moment: Moment, *, brief_id: int = 0) -> dict[LeftOut | None, int]:
        """How many in the segment are left out for which reason; None are those who get it."""
        reason = self._reason(audience, moment)
        query = (
            select(reason.label("why"), func.count().label("times"))
            .select_from(FollowerRow)
            .outerjoin(PreferenceRow, PreferenceRow.openid == F)
            .where(*self._segment(audience, moment, brief_id))
            .group_by("why")
        )
        return {LeftOut(row.why) if row.why else None: row.times for row in self.connection.execute(query)}

    def step(
        self, audience: Audience, moment: Moment, *, brief_id: int = 0, after: str = "", limit: int = 1000
    ) -> list[Reached]:
        """The next of those who get it, in the order of their openids."""
        office = (
            select(InstitutionRow.name)
            .join(OfficerRow, OfficerRow.institution_id == InstitutionRow.id)
            .where(OfficerRow.openid == F)
            .correlate(FollowerRow)
            .scalar_subquery()
        )
        chosen = [getattr(PreferenceRow, name).label(f"p_{name}") for name in ("topics", "places")]
        query: Select[*tuple[Any, ...]] = (
            select(F.label("follower"), office.label("institution"), *chosen, *_OWN.columns)
            .select_from(FollowerRow)
            .outerjoin(PreferenceRow, PreferenceRow.openid == F)
            .outerjoin(_OWN, _OWN.c.openid == F)
            .where(*self._segment(audience, moment, brief_id), self._reason(audience, moment) == "", after < F)
            .order_by(F)
            .limit(limit)
        )
        return [_reached(row) for row in self.connection.execute(query)]

    def known(self, openids: Sequence[str]) -> list[str]:
        """Those of these who are followers."""
        return list(self.connection.execute(select(F).where(F.in_(openids))).scalars())

    def after(self, openid: str, limit: int) -> Sequence[str]:
        """Every follower, in steps."""
        return self.connection.execute(select(F).where(openid < F).order_by(F).limit(limit)).scalars().all()

    def of_companies(self, ids: Sequence[int]) -> list[str]:
        """The followers whose companies these are; imported ones have none."""
        query = select(CompanyRow.openid).where(CompanyRow.id.in_(ids), CompanyRow.openid.is_not(None))
        return [str(openid) for openid in self.connection.execute(query).scalars()]

    # conditions

    @staticmethod
    def _reason(audience: Audience, moment: Moment) -> ColumnElement[str]:
        agreed = exists().where(ConsentRow.openid == F, ConsentRow.purpose == moment.purpose)
        others = [
            and_(PreferenceRow.openid.is_not(None), cast(column, Text) != "[]", ~_holds(column, about))
            for column, about in (
                (PreferenceRow.topics, audience.about_topics),
                (PreferenceRow.places, audience.about_places),
            )
            if about
        ]
        return case(
            (FollowerRow.following.is_(False), str(LeftOut.UNFOLLOWED)),
            (~agreed, str(LeftOut.NO_CONSENT)),
            (PreferenceRow.paused_until >= moment.ends_at, str(LeftOut.PAUSED)),
            *((other, str(LeftOut.NOT_WISHED)) for other in others),
            else_=literal(""),
        )

    def _segment(self, audience: Audience, moment: Moment, brief_id: int) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if audience.roles:
            wanted.append(or_(*(_ROLES[role] for role in audience.roles)))
        if audience.places:
            wanted.append(_placed(audience.places))
        company = []
        if audience.clusters:
            company.append(_holds(CompanyRow.clusters, audience.clusters))
        if audience.company_labels:
            company.append(_holds(CompanyRow.labels, [str(label) for label in audience.company_labels]))
        if company or moment.companies:
            wanted.append(exists().where(CompanyRow.openid == F, *company))
        if audience.institution_labels:
            wanted.append(self._labelled(audience.institution_labels, moment.day))
        if audience.listed:
            wanted.append(exists().where(BriefMemberRow.brief_id == brief_id, BriefMemberRow.openid == F))
        return wanted

    def _labelled(self, labels: Sequence[InstitutionLabel], day: date) -> ColumnElement[bool]:
        """Officers of approved institutions that carry a label today; for a key city, who is at home there."""
        named = [str(label) for label in labels]
        fresh = or_(InstitutionLabelRow.ends_on.is_(None), InstitutionLabelRow.ends_on >= day)
        conditions: list[ColumnElement[bool]] = [
            exists().where(
                OfficerRow.openid == F,
                InstitutionRow.id == OfficerRow.institution_id,
                InstitutionRow.state == str(InstitutionState.APPROVED),
                InstitutionLabelRow.name == InstitutionRow.name,
                InstitutionLabelRow.label.in_(named),
                fresh,
            )
        ]
        cities = sorted(InstitutionLabels(self.connection).on(day).key_places)
        if InstitutionLabel.KEY_CITY in labels and cities:
            conditions.append(_placed(cities))
        return or_(*conditions)


_OFFICER = exists().where(OfficerRow.openid == F)
_DECLARED = exists().where(DeclarationRow.openid == F)
_ROLES: dict[AudienceRole, ColumnElement[bool]] = {
    AudienceRole.COMPANY: exists().where(CompanyRow.openid == F),
    AudienceRole.OFFICER: _OFFICER,
    AudienceRole.DECLARED: _DECLARED,
    AudienceRole.HOLDER: or_(
        _OFFICER, _DECLARED, exists().where(DraftRow.openid == F, DraftRow.flow == str(Flow.DECLARE))
    ),
}


def _placed(codes: Sequence[str]) -> ColumnElement[bool]:
    """Their company is there, or a patent they declared."""
    return or_(
        exists().where(CompanyRow.openid == F, CompanyRow.place_code.in_(codes)),
        exists().where(
            DeclarationRow.openid == F,
            ListingRow.number == DeclarationRow.number,
            ListingRow.place_code.in_(codes),
        ),
    )


def _reached(row: Row[*tuple[Any, ...]]) -> Reached:
    preference = HOUSE
    if row.p_topics is not None:
        preference = Preference(topics=tuple(row.p_topics), places=tuple(row.p_places), frequency=Frequency.DAILY)
    return Reached(row.follower, company_of(row) if row.id is not None else None, row.institution or "", preference)
