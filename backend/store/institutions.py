"""Institutions, who speaks for them, and what followers agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, Row, bindparam, delete, insert, select, text, update

from backend.domain.institutions import Institution, InstitutionNotFound, InstitutionState, Officer
from backend.domain.profiles import Consent
from backend.store.tables import ConsentRow, InstitutionRow, OfficerRow
from backend.store.tables.base import Instant

_BIND = text(
    """
    INSERT INTO officer (openid, institution_id, bound_at, consent) VALUES (:openid, :institution_id, :at, :consent)
    ON CONFLICT (openid) DO UPDATE SET institution_id = excluded.institution_id, bound_at = excluded.bound_at,
        consent = excluded.consent
    """
).bindparams(bindparam("consent", type_=JSON), bindparam("at", type_=Instant))
_AGREE = text(
    """
    INSERT INTO consent (openid, purpose, version, at) VALUES (:openid, :purpose, :version, :at)
    ON CONFLICT (openid, purpose, version) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant))


def institution_of(row: Row[*tuple[Any, ...]]) -> Institution:
    return Institution(
        id=row.id,
        name=row.name,
        credit_code=row.credit_code,
        code_holds=row.code_holds,
        holder_type=row.holder_type,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        contact_email=row.contact_email,
        proof=row.proof,
        state=InstitutionState(row.state),
        requested_at=row.requested_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
    )


_ALL = select(*InstitutionRow.__table__.columns)
_OF_OFFICER = _ALL.join(OfficerRow, OfficerRow.institution_id == InstitutionRow.id).where(
    OfficerRow.openid == bindparam("openid")
)


class Institutions:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, **values: Any) -> int:
        """A request that waits for staff; its id."""
        return self.connection.execute(
            insert(InstitutionRow).values(state=str(InstitutionState.WAITING), **values).returning(InstitutionRow.id)
        ).scalar_one()

    def known_as(self, *, name: str, credit_code: str) -> Institution | None:
        """The institution of this name and code that was not refused."""
        row = self.connection.execute(
            _ALL.where(
                InstitutionRow.name == name,
                InstitutionRow.credit_code == credit_code,
                InstitutionRow.state != str(InstitutionState.REFUSED),
            ).order_by(InstitutionRow.id)
        ).first()
        return institution_of(row) if row else None

    def get(self, institution_id: int) -> Institution:
        """Raises InstitutionNotFound."""
        row = self.connection.execute(_ALL.where(InstitutionRow.id == institution_id)).first()
        if row is None:
            raise InstitutionNotFound(id=institution_id)
        return institution_of(row)

    def waiting(self, limit: int = 200) -> list[Institution]:
        """Whom staff have to decide on, oldest first."""
        rows = self.connection.execute(
            _ALL.where(InstitutionRow.state == str(InstitutionState.WAITING)).order_by(InstitutionRow.id).limit(limit)
        )
        return [institution_of(row) for row in rows]

    def decide(self, institution_id: int, state: InstitutionState, *, by: str, reason: str, at: datetime) -> bool:
        """False where it was decided before."""
        decided = self.connection.execute(
            update(InstitutionRow)
            .where(InstitutionRow.id == institution_id, InstitutionRow.state == str(InstitutionState.WAITING))
            .values(state=str(state), decided_by=by, reason=reason[:500], decided_at=at)
        )
        return decided.rowcount == 1

    def forget_contact(self, institution_id: int) -> None:
        """Nobody speaks for it any more: the person to call, and what they handed in, are not kept."""
        self.connection.execute(
            update(InstitutionRow)
            .where(InstitutionRow.id == institution_id)
            .values(contact_name="", contact_phone="", contact_email="", proof="")
        )

    def bind(self, openid: str, institution_id: int, consent: dict[str, Any], *, at: datetime) -> None:
        self.connection.execute(
            _BIND, {"openid": openid, "institution_id": institution_id, "consent": consent, "at": at}
        )

    def unbind(self, openid: str) -> bool:
        """True where the follower spoke for an institution."""
        return self.connection.execute(delete(OfficerRow).where(OfficerRow.openid == openid)).rowcount == 1

    def of_officer(self, openid: str) -> Institution | None:
        row = self.connection.execute(_OF_OFFICER, {"openid": openid}).first()
        return institution_of(row) if row else None

    def officers(self, institution_id: int) -> Sequence[Officer]:
        rows = self.connection.execute(
            select(*OfficerRow.__table__.columns)
            .where(OfficerRow.institution_id == institution_id)
            .order_by(OfficerRow.bound_at, OfficerRow.openid)
        )
        return [
            Officer(institution_id=row.institution_id, openid=row.openid, bound_at=row.bound_at, consent=row.consent)
            for row in rows
        ]

    def agree(self, openid: str, consent: Consent, *, at: datetime) -> None:
        """The first time counts."""
        values = {"openid": openid, "purpose": consent.purpose[:64], "version": consent.version[:64], "at": at}
        self.connection.execute(_AGREE, values)

    def disagree(self, openid: str, purpose: str) -> None:
        """What was kept on this consent is gone, so the consent goes too; it is taken back as easily as it was given
        (Personal Information Protection Law art. 15)."""
        self.connection.execute(delete(ConsentRow).where(ConsentRow.openid == openid, ConsentRow.purpose == purpose))

    def consents(self, openid: str) -> tuple[Consent, ...]:
        rows = self.connection.execute(
            select(ConsentRow.purpose, ConsentRow.version)
            .where(ConsentRow.openid == openid)
            .order_by(ConsentRow.at, ConsentRow.purpose)
        )
        return tuple(Consent(row.purpose, row.version) for row in rows)
