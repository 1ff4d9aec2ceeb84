"""Fakes of the outside world: small, with a memory, and as strict as the real thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.domain.deliveries import Channel
from backend.domain.ports.sender import (
    ApiRests,
    Message,
    NoConsent,
    NotSent,
    Outcome,
    OutcomeUnknown,
    Refused,
    Sender,
    Sent,
    WindowClosed,
)
from backend.domain.reply import Reply, ReplyKind

MOST_BYTES = 2048


@dataclass
class RememberingSender:
    """Stands for the platform as a Sender: remembers what it took, or does what the test has lined up.

    A window is open for any number of messages unless `left` says how many; `strangers` follow nobody; `agreed` counts
    subscription notices by (openid, template id), and none is agreed to unless it does. `spent` channels rest.
    """

    sent: list[tuple[str, Reply]] = field(default_factory=list)
    notices: list[Message] = field(default_factory=list)
    fail_next: list[Exception] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    agreed: dict[tuple[str, str], int] = field(default_factory=dict)
    spent: set[Channel] = field(default_factory=set)
    keys: set[tuple[str, str]] = field(default_factory=set)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        return [self._outcome(message) for message in messages]

    def _outcome(self, message: Message) -> Outcome:
        try:
            return Sent(self.take(message))
        except (NotSent, OutcomeUnknown) as error:
            return error

    def take(self, message: Message) -> str:
        """Raises what becomes of it where it is not taken; anything else stands for the end of the worker's process."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        if message.openid in self.strangers:
            raise Refused("platform_40003")
        if message.channel in self.spent:
            raise ApiRests("platform_45009")
        if message.channel is Channel.CUSTOMER_SERVICE:
            return self._custom(message)
        if message.channel is Channel.SUBSCRIPTION:
            key = (message.openid, message.template_id)
            if self.agreed.get(key, 0) <= 0:
                raise NoConsent("platform_43101")
            self.agreed[key] -= 1
        elif (message.openid, message.key) in self.keys:
            return ""  # client_msg_id: taken, and not shown a second time
        self.keys.add((message.openid, message.key))
        self.notices.append(message)
        return str(len(self.notices))

    def _custom(self, message: Message) -> str:
        openid, reply = message.openid, message.reply or Reply(ReplyKind.NOTHING)
        if self.left.get(openid, 1) <= 0:
            raise WindowClosed("platform_45047")
        if reply.kind is not ReplyKind.ARTICLE and not 0 < len(reply.text.encode()) <= MOST_BYTES:
            raise Refused("platform_45002")
        if openid in self.left:
            self.left[openid] -= 1
        self.sent.append((openid, reply))
        return ""


def send_one(sender: Sender, openid: str, reply: Reply) -> None:
    """One customer-service message; what becomes of it is raised where it is not sent."""
    (outcome,) = sender.send([Message(openid=openid, channel=Channel.CUSTOMER_SERVICE, reply=reply)])
    if not isinstance(outcome, Sent):
        raise outcome
