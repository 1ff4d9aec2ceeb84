"""What is left to look for when everything else is taken out of a sentence: the fallback for a technology topic."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.dialogue.meaning import Span

_CARRIERS = re.compile(
    "|".join(
        sorted(
            [
                "有没有",
                "能不能",
                "可不可以",
                "是不是",
                "有冇得",
                "有木有",
                "有没得",
                "冇得",
                "有么",
                "有啥",
                "有么子",
                "你们(?:这|那|这里|那里)?有",
                "你(?:这|那|这里|那里)有",
                "的不(?=\\s|$)",
                "能用(?=\\s|$)",
                "有哪些",
                "哪些",
                "哪个",
                "什么样",
                "什么",
                "么样",
                "关于",
                "类似的",
                "相似的",
                "差不多的",
                "相关",
                "方面",
                "这方面",
                "领域",
                "方向(?!盘|机|舵)",
                "类的",
                "这类",
                "那种",
                "这种",
                "一种",
                "(?:别人|人家|别个|他人)(?:家)?的专利(?=\\s*$)",
                "帮我留意",
                "留意",
                "(?:就)?喊我?一?[声下哈]",
                "就喊我",
                "说一[声下哈]",
                "看哈",
                "一哈",
                "有新的",
                "有新(?=\\s)",
                "帮我",
                "帮忙",
                "帮我们",
                "给我",
                "给我们",
                "替我",
                "我们厂",
                "我们公司",
                "我们这边",
                "我们",
                "我想",
                "我要",
                "我是",
                "咱们",
                "想要",
                "想找",
                "想搞",
                "想做",
                "想用",
                "需要",
                "要找",
                "要用",
                "找一下",
                "找找",
                "找点",
                "找个",
                "找到",
                "搜索",
                "搜一下",
                "查一下",
                "查询",
                "查查",
                "看看",
                "看一下",
                "推荐",
                "推薦",
                "求购",
                "来点",
                "来个",
                "弄个",
                "弄点",
                "搞个",
                "搞点",
                "专利技术",
                "专利",
                "專利",
                "专力",
                "技术",
                "技術",
                "成果",
                "可以用的",
                "能用的",
                "可用的",
                "用得上的",
                "开放许可",
                "许可的",
                "许可",
                "请问",
                "麻烦",
                "劳烦",
                "谢谢",
                "你好",
                "您好",
                "那个",
                "这个",
                "就是",
                "还有没",
                "还有",
                "里面",
                "或者",
                "以及",
                "最好",
                "一下",
                "免费",
                "免費",
                "不要钱",
                "不收费",
                "便宜点",
                "便宜",
                "实惠",
                "价格低",
                "太贵",
                "发明专利",
                "发明",
                "实用新型",
                "外观设计",
                "外观",
                "预算",
                "价格",
                "费用",
                "许可费",
                "使用费",
                "只看",
                "只要",
                "换成",
                "不要",
                "不看",
                "除了",
                "以外",
                "之外",
                "(?<![识区分级特])别的",
                "其他",
                "附近",
                "本地",
                "当地",
                "那边",
                "这边",
                "可以",
                "用来",
                "用于",
            ],
            key=len,
            reverse=True,
        )
    )
)
# One character carries only at the edge of what is left, and not where it belongs to a word: 新能源, 点胶机, 可降解, 零件.
_FIRST = re.compile(
    "(?:[我咱找查求弄的了吗呢吧啊呀嘛哈哦撒唦咧么就也都是与或些贵做想要那]|和(?!面)|件|搜(?!救)|还(?!原)|里(?!程)|在(?!线)|个(?![人体性])|"
    "条(?![码形纹])|点(?![胶阵焊云火])|换(?![热电气流能向])|有(?![机源色轨])|能(?![源量效耗])|"
    "可(?![降穿再编充控调燃回见移折拆])|用(?![电水户])|把(?!手)|给(?![水料药排电袋])|看(?!护))+"
)
_LAST = re.compile(
    "(?:[我咱找搜弄的了吗呢吧啊呀嘛哈哦撒唦咧么就还也都里在是与或个些贵有可做把想要看]|(?<![检排])查|(?<!需)求|(?<![中饱])和|"
    "(?<![零部元器配构组软硬])件|(?<![面链线])条|(?<![节子热])点|(?<![切更交转变])换|(?<![节储智性功])能|"
    "(?<![家农医车民军商食专])用|(?<![供补])给)+$"
)
_EDGES = re.compile(r"[\s，。！？、；：,.!?;:~～…“”\"'（）()\[\]【】《》<>]+")

GENERIC = re.compile(
    r"(?:好|什么|新|现成)?(?:办法|法子|东西|设备|机器|装置|方法|方案|工具|路子|门路)*"
)  # a wish that names nothing


_HOLDER = re.compile(
    r"[\u4e00-\u9fff（）()]{2,16}?(?:大学|学院|研究院|研究所|设计院|有限责任公司|股份有限公司|有限公司|集团|公司)(?:（演示）)?"
)
_NOT_A_NAME = re.compile(
    r"^(?:我们|我|你们|咱们|咱|贵|本|哪些|哪个|什么|有没有|国家|这家|那家|一家|几家|外国|小|大|他们)+"
)
_BEFORE_A_NAME = re.compile(
    "^.*(?:免费的?(?:使?用)?|白用|可以用|能用|想用|使用|听说|别个说|人说|找|搜|查一?下?|关于|属于|来自|给我|帮我|有没有|有冇得)"
)


def holder(text: str) -> str:
    """The organisation a text names by its suffix: 江汉理工学院, 东湖激光有限公司. Empty for 我们公司 and the like."""
    match = _HOLDER.search(text)
    if not match:
        return ""
    name = _NOT_A_NAME.sub("", _BEFORE_A_NAME.sub("", match[0]))
    return name if len(name) > len("有限公司") else ""


def topic_words(text: str, taken: Iterable[Span]) -> str:
    """The words of a search, blanks between pieces. May be empty."""
    letters = list(text)
    for span in taken:
        letters[span.start : span.end] = " " * (span.end - span.start)
    left = _CARRIERS.sub(" ", _EDGES.sub(" ", "".join(letters)))
    return " ".join(filter(None, map(_bare, left.split())))[:120].strip()


def _bare(piece: str) -> str:
    first = _FIRST.match(piece)
    return _LAST.sub("", piece[first.end() :] if first else piece)
