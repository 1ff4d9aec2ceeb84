"""Who may do what in the console: one table of routes and roles. A route that is not in it cannot be built."""

from __future__ import annotations

from backend.domain.declarations import TABLE, Move
from backend.domain.roles import Role

A, V, G, P, O, U = (  # noqa: E741 one letter a column, as in the table below
    Role.ADMINISTRATOR,
    Role.VERIFIER,
    Role.AGENCY_VERIFIER,
    Role.APPROVER,
    Role.OPERATOR,
    Role.AUDITOR,
)
EVERYBODY = frozenset({A, V, G, P, O, U})
NOBODY_YET = None  # open to whoever has not logged in: the door itself, and the files of its look


def _movers(*moves: Move) -> frozenset[Role]:
    """Staff who may make one of these moves, as the rules of declarations say."""
    return frozenset(role for rule in TABLE if rule.move in moves for role in rule.roles) & Role.staff()


RULES: dict[tuple[str, str], frozenset[Role] | None] = {
    ("GET", "/login"): NOBODY_YET,
    ("POST", "/login"): NOBODY_YET,
    ("GET", "/static/{name}"): NOBODY_YET,
    ("POST", "/logout"): EVERYBODY,
    ("GET", "/password"): EVERYBODY,
    ("POST", "/password"): EVERYBODY,
    ("GET", "/"): EVERYBODY,
    ("GET", "/handoffs"): frozenset({A, O, U}),
    ("GET", "/handoffs/{id}"): frozenset({A, O, U}),
    ("POST", "/handoffs/{id}/reply"): frozenset({A, O}),
    ("POST", "/handoffs/{id}/close"): frozenset({A, O}),
    ("GET", "/misses"): frozenset({A, V, P, O, U}),
    ("GET", "/pool"): EVERYBODY,
    ("GET", "/pool/{number}"): EVERYBODY,
    ("GET", "/imports"): frozenset({A, V, P, O, U}),
    ("GET", "/deliveries"): frozenset({A, O, U}),
    ("GET", "/declarations"): frozenset({A, V, G, P, O, U}),
    ("GET", "/declarations/{id}"): frozenset({A, V, G, P, O, U}),
    ("GET", "/declarations/{id}/papers/{paper}"): frozenset({A, V, G, P, O, U}),
    ("GET", "/declarations/{id}/files/{file}"): frozenset({A, V, G, P, O, U}),
    ("POST", "/declarations/{id}/assign"): _movers(Move.ASSIGN),
    ("POST", "/declarations/{id}/verify"): _movers(Move.PASS_SECOND),
    ("POST", "/declarations/{id}/confirm"): Role.verifying(),
    ("POST", "/declarations/{id}/return"): _movers(Move.RETURN),
    ("POST", "/declarations/{id}/publish"): _movers(Move.PUBLISH),
    ("POST", "/declarations/{id}/file"): _movers(Move.FILE),
    ("POST", "/declarations/{id}/announce"): _movers(Move.ANNOUNCE),
    ("POST", "/declarations/{id}/announce-withdrawal"): _movers(Move.ANNOUNCE_WITHDRAWAL),
    ("POST", "/declarations/{id}/suspend"): _movers(Move.SUSPEND),
    ("POST", "/declarations/{id}/lapse"): _movers(Move.LAPSE),
    ("POST", "/declarations/{id}/resume"): _movers(Move.RESUME),
    ("GET", "/institutions"): frozenset({A, V, P, O, U}),
    ("GET", "/institutions/{id}/files/{file}"): frozenset({A, V, P, O, U}),
    ("POST", "/institutions/{id}/decide"): frozenset({A, P}),
    ("GET", "/programmes"): frozenset({A, V, P, O, U}),
    ("POST", "/programmes"): frozenset({A, P}),
    ("POST", "/programmes/{id}/close"): frozenset({A, P}),
    ("GET", "/needs"): frozenset({A, V, P, O, U}),
    ("GET", "/survey"): frozenset({A, V, P, O, U}),
    ("GET", "/survey.csv"): frozenset({A, P, O, U}),
    ("GET", "/companies"): frozenset({A, P, O, U}),
    ("POST", "/companies/import"): frozenset({A, O}),
    ("GET", "/companies/{id}"): frozenset({A, P, O, U}),
    ("POST", "/companies/{id}/drop"): frozenset({A, O}),
    ("GET", "/pool/{number}/matching"): frozenset({A, V, P, O, U}),
    ("POST", "/pool/{number}/classes"): frozenset({A, V, P}),
    ("GET", "/labels"): frozenset({A, V, P, O, U}),
    ("POST", "/labels"): frozenset({A, P}),
    ("POST", "/labels/drop"): frozenset({A, P}),
    ("GET", "/rates"): frozenset({A, V, P, O, U}),
    ("POST", "/rates/import"): frozenset({A, P}),
    ("POST", "/rates/{id}/drop"): frozenset({A, P}),
    ("GET", "/prices"): frozenset({A, V, P, O, U}),
    ("POST", "/prices/{number}/review"): frozenset({A, P, O}),
    ("GET", "/campaigns"): frozenset({A, P, O, U}),
    ("POST", "/campaigns"): frozenset({A, O}),
    ("GET", "/campaigns/{id}"): frozenset({A, P, O, U}),
    ("POST", "/campaigns/{id}/save"): frozenset({A, O}),
    ("POST", "/campaigns/{id}/count"): frozenset({A, O}),
    ("POST", "/campaigns/{id}/list"): frozenset({A, O}),
    ("POST", "/campaigns/{id}/try"): frozenset({A, P, O}),
    ("POST", "/campaigns/{id}/hand-in"): frozenset({A, O}),
    ("POST", "/campaigns/{id}/approve"): frozenset({P}),
    ("POST", "/campaigns/{id}/send-back"): frozenset({P}),
    ("POST", "/campaigns/{id}/take-back"): frozenset({A, O}),
    ("POST", "/campaigns/{id}/pause"): frozenset({A, P, O}),
    ("POST", "/campaigns/{id}/resume"): frozenset({A, P, O}),
    ("POST", "/campaigns/{id}/cancel"): frozenset({A, P, O}),
    ("POST", "/campaigns/{id}/throttle"): frozenset({A, P, O}),
    ("GET", "/campaigns/{id}/recipients"): frozenset({A, P, O, U}),
    ("GET", "/campaigns/{id}/recipients/{file}"): frozenset({A, O}),
    ("POST", "/campaigns/{id}/settle"): frozenset({A, O}),
    ("GET", "/templates"): frozenset({A, P, O, U}),
    ("POST", "/templates"): frozenset({A, O}),
    ("GET", "/phone"): frozenset({A, P, O}),
    ("POST", "/phone"): frozenset({A, P, O}),
    ("GET", "/events"): frozenset({A, V, P, O, U}),
    ("GET", "/events/{id}"): frozenset({A, P, O, U}),
    ("GET", "/events/{id}/edit"): frozenset({A, O}),
    ("POST", "/events/{id}/edit"): frozenset({A, O}),
    ("POST", "/events/{id}/move"): frozenset({A, O}),
    ("POST", "/events/{id}/strike"): frozenset({A, O}),
    ("GET", "/events/{id}/sign-ups.csv"): frozenset({A, O}),
    ("GET", "/events/{id}/code"): frozenset({A, P, O}),
    ("GET", "/events/{id}/door"): frozenset({A, V, P, O}),
    ("POST", "/events/{id}/check-in"): frozenset({A, V, P, O}),
    ("POST", "/events/{id}/undo"): frozenset({A, V, P, O}),
    ("POST", "/events/{id}/walk-in"): frozenset({A, V, P, O}),
    ("GET", "/audit"): frozenset({A, U}),
    ("GET", "/staff"): frozenset({A, U}),
    ("POST", "/staff"): frozenset({A}),
    ("POST", "/staff/{id}/disable"): frozenset({A}),
    ("POST", "/staff/{id}/enable"): frozenset({A}),
    ("POST", "/staff/{id}/reset"): frozenset({A}),
}

UPLOADS = frozenset({"/companies/import", "/rates/import", "/campaigns/{id}/list"})  # forms that carry a table


def allowed(role: Role, method: str, path: str) -> bool:
    """Whether the role may use the route. Raises KeyError for a route that is not in the table."""
    roles = RULES[method, path]
    return roles is NOBODY_YET or role in roles
