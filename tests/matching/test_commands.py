"""`huiqiao company`, `rate`, `grade` and `match` as an operator types them."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

from backend.domain.clock import SystemClock
from backend.domain.listings import ListingStatus
from backend.services.pool.importing import take_in
from backend.store.database import Database
from backend.store.schema import upgrade
from tests.matching.test_companies import company_row, rate_row, rates, table
from tests.support.builders import make_listing


def huiqiao(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"HUIQIAO_DATA": str(folder / "data"), "DATABASE_URL": f"sqlite:///{folder / 'x.db'}"}
    command = [sys.executable, "-m", "bot.cli", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_companies_in_grades_made_lists_out(tmp_path: Path) -> None:
    bad = table(tmp_path, company_row(主要产品="机房散热"), company_row(企业名称="甲", 规模="巨型"))
    refused = huiqiao(tmp_path, "company", "import", str(bad))
    assert refused.returncode == 1
    assert "第3行" in refused.stderr.replace(" ", "")
    assert "“巨型”不在可选项里" in refused.stderr
    assert "已导入 1 行" in huiqiao(tmp_path, "company", "import", str(bad), "--skip-bad").stdout
    assert "已导入 1 行" in huiqiao(tmp_path, "rate", "import", str(rates(tmp_path, rate_row()))).stdout
    missing = huiqiao(tmp_path, "rate", "import", "none.xlsx")
    assert missing.returncode == 1
    assert "找不到文件" in missing.stderr

    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(database)
    take_in(
        database,
        [make_listing(1, title="=cmd散热")],
        clock=SystemClock(),
        source="t",
        vouched_by="王",
        status=ListingStatus.PUBLISHED,
    )
    database.close()
    assert "变化的 1 件" in huiqiao(tmp_path, "grade", "run").stdout
    assert "变化的 0 件" in huiqiao(tmp_path, "grade", "run").stdout
    out = tmp_path / "lists.csv"
    assert "1 条匹配" in huiqiao(tmp_path, "match", "run", str(out)).stdout
    header, row = csv.reader(out.open(encoding="utf-8-sig"))
    assert header == ["企业编号", "企业名称", "专利号", "专利名称", "得分", "理由"]
    assert row[3] == "'=cmd散热"
    assert row[5].startswith("文中写到您的“散热、机房”，首付不超过您的预算")
