"""What people type, paste and try: template code of every engine in the house, markup, and characters that act."""

from __future__ import annotations

_JINJA = """
{{7*7}}|{{ 7*'7' }}|{{config}}|{{self}}|{{ title }}|{{ parts }}|{{''.__class__.__mro__[1].__subclasses__()}}
{{ cycler.__init__.__globals__.os.popen('id').read() }}|{{ lipsum.__globals__ }}|{{ joiner.__init__ }}|{{ range(9) }}
{% for x in (1,2) %}x{% endfor %}|{% if 1 %}y{% endif %}|{% raw %}z{% endraw %}|{% include "x" %}|{% extends "y" %}
{% import "os" as os %}|{% set a = 1 %}|{% macro m() %}{% endmacro %}|{% block b %}{% endblock %}|{% endfor %}|{% endif %}
{%p for x in parts %}|{%p endfor %}|{%tr for x in parts %}|{%tr endfor %}|{%tc endif %}|{%r x %}|{{r title }}|{{p title }}
{#|#}|{# c #}|{%- x -%}|{{- x -}}|{% vm %}|{% hm %}|{% colspan 2 %}|{% cellbg 00ff00 %}|{_{7*7}_}|{_%x%_}|}}{{|%}{%
{|}|{{|}}|{%|%}|{{{|}}}|{{{{7*7}}}}|{ {7*7} }|{<b>{7*7}</b>}|{{7*7|safe}}|{{'a'|upper}}|{{x|attr('y')}}|{{ undefined }}
"""
_TYPST = r"""
#import "x"|#import "house.typ": form|#include "a.typ"|#eval("1+1")|#eval|#read("/etc/passwd")|#json("x")|#sys.inputs|#panic("x")
#let x = 1|#set page(width: 1cm)|#show: x|#[a]|#{1+1}|#pagebreak()|#counter(page)|#image("x.png")|#"x"|#plugin("x.wasm")|#1|#
$x^2$|$ sum_(i=0)^n $|$|$$|$..$|*bold*|_italic_|`code`|```typ #1```|= heading|== heading|- item|+ item|/ term: x|/* c */|// c
<label>|@ref|@preview/cetz:0.1.0|\u{41}|\n|\t|\\|\#|\$|\|~|---|--|...|'single'|"double"|"|'|''|""|` `|[|]|[[|]]|("a", 1)|: |;
"""
_OTHERS = r"""
((占位符))|((专利号))|（（专利号））|((法定??是))|((|))|??|((??))|((项))|((序号))
((专利权人??((专利权人))))|（（|））|(( ))|((不存在))
<b>x</b>|<w:p/>|</w:t></w:r></w:p>|<w:br/>|<!-- x -->|<![CDATA[x]]>|]]>|<!DOCTYPE x>|&amp;|&lt;|&#65;|&#x41;|&|<|>|&nbsp;|<?xml?>
<script>alert(1)</script>|javascript:alert(1)|${7*7}|${jndi:ldap://x}|<%= 7*7 %>|#{7*7}|@{7*7}|*{7*7}|%s|%(x)s|{0}|{x!r}|%n|%00
=1+1|+1|-1|@SUM(1)|=cmd|'=1|_x0041_|_x0000_|%APPDATA%|../../x|/dev/null|C:\x|'; DROP TABLE x;--|' OR 1=1|\x00|\r\n|\0|\u202e
PAGE|NUMPAGES|1 / 2|MERGEFIELD x|TOC \o|HYPERLINK "x"|INCLUDETEXT x|DDEAUTO c|None|null|NaN|undefined|true|[object Object]
提成 ２０％|￥１００|①②③|㎡|℃|Ⅳ|α-β|Ω|±0.5|×10|“引号”|‘单’|《书名》|【】|〔2024〕|……|——|·|々|〇|𠮷|龘|𬱟|ｆｕｌｌ|Ｚ|é|ñ|ﬁ
"""
_ACTING = (
    "a\x00b", "a\x07b", "a\x08b", "a\x0bb", "a\x0cb", "a\x1bb", "a\x7fb", "a\x85b",
    "a\r\nb", "a\rb", "a\tb", "a\u2028b",
    "a\u2029b", "\u202ea\u202c", "\u2066a\u2069", "\u200ea\u200f", "a\u200bb", "a\u200db", "a\ufeffb", "a\u00adb",
    "a\ufffeb", "a\uffffb", "a\ud800b", "a\udfffb", "a\ue000b", "a\u0378b", "a\u00a0b", "a\u3000b", "a\u2003b",
    "机器😀人", "👨\u200d👩\u200d👧", "🇨🇳", "👍🏽", "❤️", "1️⃣", "Z͑ͫ̓a̴̵̜l͇g̞o", "e\u0301", "مرحبا", "שלום", "हिन्दी", "ไทย",
    "⼀⼆", "\uf900", "\U0002f800", "\U000e0041", "\U0010ffff", "\U0001f9ff", "\u0301", "\u20dd", "가나다", "ｶﾞ",
)  # fmt: skip
_LONG = (
    "A" * 500,
    "a-" * 300,
    "https://example.com/" + "x" * 400,
    "测" * 2000,
    "_" * 300,
    "{{" * 200,
    "((" * 200,
    "\\" * 300,
)


def payloads() -> list[str]:
    """More than two hundred, all different."""
    listed = (piece for block in (_JINJA, _TYPST, _OTHERS) for line in block.split("\n") for piece in line.split("|"))
    return [*dict.fromkeys(piece for piece in (*listed, *_ACTING, *_LONG) if piece)]
