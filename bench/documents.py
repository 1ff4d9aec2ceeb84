"""A declaration as docx and PDF beside the same lines by hand: python-docx without a template, typst that looks for its fonts every time."""

from __future__ import annotations

import io
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import typst
from docx import Document

from backend.demonstration.load import demonstration_listings
from backend.documents import forms
from backend.documents.contents import Contents
from backend.documents.fonts import FAMILY, find_font
from backend.documents.package import Press
from backend.documents.pdf import TEMPLATES
from backend.documents.subject import Declaration
from backend.domain.clock import SystemClock, day_of
from backend.domain.listings import Track
from backend.services.pool.rows import table_row
from backend.services.pool.table_file import columns
from tests.support.servers import ROOT

ROUNDS = 40
COLD = """
import time
from bench.documents import declarations
from backend.documents import forms
from backend.documents.package import Press
contents = forms.declaration_form(next(declarations()))
began = time.perf_counter()
Press().{kind}(contents)
print((time.perf_counter() - began) * 1000)
"""


def declarations() -> itertools.chain[Declaration]:
    """Without end and no two alike, so that nothing is answered from memory."""
    today = day_of(SystemClock().now())
    listings = demonstration_listings(today)
    note = "参照同类专利的许可使用费，结合实施规模逐项计算。" * 20

    def one(number: int) -> Declaration:
        listing = listings[number % len(listings)]
        fee = replace(listing.fee, note=f"{number} {note}")
        listing = replace(
            listing, track=Track.STATUTORY, fee=fee, evaluation_report=f"W{number}", title=f"{listing.title}{number}"
        )
        return Declaration(
            listing=replace(listing, holders=("江城测试大学", f"武汉测试材料有限公司{number}")), on=today
        )

    return itertools.chain(one(number) for number in itertools.count())


def docx_by_hand(contents: Contents) -> bytes:
    document = Document()
    document.add_heading(contents.title)
    for part in contents.parts:
        document.add_heading(part.heading, 2)
        for paragraph in part.paragraphs:
            document.add_paragraph(paragraph)
        if part.lines:
            table = document.add_table(rows=0, cols=2)
            for line in part.lines:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = line.label, line.value
    document.add_paragraph(contents.foot)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def asked(contents: Contents) -> tuple[Path, dict[str, str]]:
    return TEMPLATES / f"{contents.document}.typ", {"contents": json.dumps(contents.plain()), "font": FAMILY}


def bare_typst(contents: Contents, folder: Path) -> bytes:
    """As the library's own example has it: the fonts are looked for and read for every document."""
    source, inputs = asked(contents)
    return typst.compile(
        source, root=TEMPLATES, font_paths=[folder], ignore_system_fonts=True, sys_inputs=inputs, format="pdf"
    )


def with_kept(compiler: typst.Compiler, contents: Contents) -> bytes:
    source, inputs = asked(contents)
    made = compiler.compile(source, sys_inputs=inputs, format="pdf")
    assert isinstance(made, bytes)
    return made


def timed(kinds: dict[str, Callable[[Declaration], bytes]]) -> dict[str, tuple[list[float], float]]:
    """Milliseconds of each, interleaved, and kilobytes of the last."""
    source = declarations()
    times: dict[str, list[float]] = {name: [] for name in kinds}
    sizes: dict[str, float] = {}
    for turn in range(ROUNDS + 2):
        for name, draw in kinds.items():
            declared = next(source)
            began = time.perf_counter()
            made = draw(declared)
            if turn >= 2:  # the first two warm up
                times[name].append((time.perf_counter() - began) * 1000)
            sizes[name] = len(made) / 1024
    return {name: (times[name], sizes[name]) for name in kinds}


def cold(kind: str) -> float:
    """Milliseconds of the first document of a new process, without its imports."""
    command = [sys.executable, "-c", COLD.format(kind=kind)]
    ran = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(3)]
    return statistics.median(map(float, ran))


def documents_table(_folder: Path) -> tuple[list[list[str]], list[str]]:
    press, font = Press(), find_font()
    compiler = typst.Compiler(root=TEMPLATES, font_paths=font.faces, ignore_system_fonts=True)
    headers = [column["header"] for column in columns()]
    form = forms.declaration_form
    kinds: dict[str, Callable[[Declaration], bytes]] = {
        "docx, template": lambda declared: press.docx(form(declared)),
        "docx by hand, python-docx": lambda declared: docx_by_hand(form(declared)),
        "PDF": lambda declared: press.pdf(form(declared)),
        "PDF, a kept compiler": lambda declared: with_kept(compiler, form(declared)),
        "PDF, bare typst.compile": lambda declared: bare_typst(form(declared), font.path.parent),
        "filing package, 7 files": lambda declared: (
            press.filing_package(declared, headers, table_row(declared.listing)).content
        ),
    }
    measured = timed(kinds)
    table = [["what", "p50 ms", "p95 ms", "KB"]]
    for name, (times, size) in measured.items():
        table.append(
            [name, f"{statistics.median(times):.1f}", f"{sorted(times)[int(ROUNDS * 0.95)]:.1f}", f"{size:.0f}"]
        )
    first = {kind: cold(kind) for kind in ("docx", "pdf")}
    table += [[f"first {kind} of a process", f"{ms:.1f}", "–", "–"] for kind, ms in first.items()]
    half = {name: statistics.median(times) for name, (times, _) in measured.items()}
    kept = half["PDF, a kept compiler"] / half["PDF"]
    notes = [
        f"PDF {half['PDF, bare typst.compile'] / half['PDF']:.1f} × faster than bare typst (goal 1.5), a kept compiler would take {kept:.2f} × as long",
        f"docx {half['docx, template'] / half['docx by hand, python-docx']:.2f} × python-docx by hand, which has no template to edit",
        f"memory of the process at the end {psutil.Process().memory_info().rss / 2**20:.0f} MB",
    ]
    return table, notes
