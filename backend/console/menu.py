"""The console's main menu: what a colleague opens by itself, under the part of the office it belongs to.

A page is added with one line here; whoever may not open it (`permissions.RULES`) is not shown it.
"""

from __future__ import annotations

from backend.console.permissions import allowed
from backend.domain.roles import Role

MENU: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("待办", (("/", "概览"), ("/declarations", "声明核验"), ("/handoffs", "人工答复"), ("/misses", "未答问题"))),
    ("专利与价格", (("/pool", "专利池"), ("/prices", "价格复查"), ("/rates", "行业费率"), ("/imports", "导入"))),
    (
        "单位与企业",
        (
            ("/institutions", "单位"),
            ("/labels", "单位标签"),
            ("/companies", "企业"),
            ("/needs", "技术需求"),
            ("/survey", "需求调查"),
        ),
    ),
    ("推送与活动", (("/campaigns", "推送"), ("/events", "活动"), ("/deliveries", "投递"))),
    ("管理", (("/programmes", "试点"), ("/staff", "账号"), ("/audit", "审计"))),
)


def menu_of(role: Role) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The parts of the menu with the pages that the role may open; a part without any is left out."""
    shown = ((part, tuple(entry for entry in entries if allowed(role, "GET", entry[0]))) for part, entries in MENU)
    return tuple((part, entries) for part, entries in shown if entries)
