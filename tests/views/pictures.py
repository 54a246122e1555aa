"""Small pictures that the tests of this folder share."""

from __future__ import annotations

import random
from typing import Final

from spillover.views.picture import Edge, Node, Picture, Status, Style

PERCENT: Final = 1_000_000

HOSTILE: Final = (
    "<script>window.__hit=1</script>",
    "</script><script>window.__hit=1</script>",
    "<img src=x onerror=window.__hit=1>",
    '"><svg onload=window.__hit=1>',
    "' onmouseover='window.__hit=1' x='",
    "javascript:window.__hit=1",
    "data:text/html,<script>window.__hit=1</script>",
    "{{ 7 * 7 }}{% include 'page.css' %}",
    "<a href='javascript:window.__hit=1'>href</a>",
    "]]><!--<script>window.__hit=1//-->",
    "\u202eSANCTIONED\u202c",
    "__proto__",
    "constructor",
    "\u2028window.__hit=1\u2029",
    "`${window.__hit=1}`",
    "\x1b[31mred\x1b]0;title\x07",
    "<iframe srcdoc='<script>parent.__hit=1</script>'></iframe>",
    "<style>*{display:none}</style>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "=cmd|'/c calc'!A1",
    "\\u003cscript>window.__hit=1</script>",
    "\ud800 lone \x00 nul",
)


def share(percent: float) -> tuple[int, int]:
    """An exact share."""
    return (int(percent * PERCENT), int(percent * PERCENT))


def owns(edge_id: str, source: str, target: str, percent: float = 51) -> Edge:
    """An ownership relation with its evidence."""
    return Edge(
        edge_id, source, target, "owns", f"{percent:g} %", share(percent), kind="OWNS",
        date="2024-12-31", confidence="high", origin="Annual report",
        url="https://register.example/filing",
    )  # fmt: skip


def small_picture() -> Picture:
    """Fund -> Target => Holding => Plant; "?" .. Holding; Plant -> Target closes a cycle."""
    nodes = (
        Node("fund", "Государственный фонд", "PublicBody", "RU"),
        Node("target", "中国化工集团 Target Group", "Company", "CN", "target", "Programme X"),
        Node("holding", "Holding & Söhne <AG>", "Company", "CH", "blocked"),
        Node("plant", "Plant", "Company", "DE", "undetermined"),
        Node("who", "Undisclosed owner", "LegalEntity", "", "unknown"),
        Node("ship", "MV Rosa", "Vessel", "PA", "listed"),
        Node("shop", "Shop", "Company", "FR", "not_blocked"),
    )
    edges = (
        owns("a", "fund", "target", 100),
        Edge("b", "target", "holding", "owns", "97.5 %", share(97.5), highlighted=True),
        Edge("c", "holding", "plant", "owns", "25–50 %", (25 * PERCENT, 50 * PERCENT), True),
        Edge("d", "who", "holding", "indirect", "unknown"),
        Edge("e", "plant", "target", "owns", "0.4 %", share(0.4)),
        Edge("f", "fund", "holding", "controls", "supervises", url="javascript:alert(1)"),
        Edge("g", "plant", "shop", "link", "31 % supply", stance="denies"),
        owns("h", "holding", "ship"),
    )
    return Picture("Who is hit with Target Group", nodes, edges, 1318, "As of 2026-11-22. GLEIF.")


def hostile_picture() -> Picture:
    """Every payload in every text of a node and of an edge."""
    statuses: tuple[Status, ...] = ("target", "listed", "blocked", "unknown", "")
    nodes = tuple(
        Node(f"{text}{i}", text, text, text, statuses[i % 5], text)
        for i, text in enumerate(HOSTILE)
    )
    edges = tuple(
        Edge(
            f"{text}{i}", nodes[i].id, nodes[(i + 1) % len(nodes)].id, "owns", text, None,
            i % 2 == 0, text, text, text, text, text, text, text,
        )
        for i, text in enumerate(HOSTILE)
    )  # fmt: skip
    return Picture(HOSTILE[1], nodes, edges, 3, HOSTILE[0])


def generated(nodes: int, edges: int, seed: int = 1) -> Picture:
    """A random picture in which everything hangs together."""
    draw = random.Random(seed)  # noqa: S311 - a test needs a seed, not secrecy
    styles: tuple[Style, ...] = ("owns", "controls", "indirect", "link")
    statuses: tuple[Status, ...] = ("", "listed", "blocked", "undetermined", "not_blocked")
    made = [Node("n0", "Company 0", "Company", "RU", "target")]
    made += [
        Node(f"n{i}", f"Company {i} Holdings", "Company", "CY", draw.choice(statuses))
        for i in range(1, nodes)
    ]
    links = [owns(f"t{i}", f"n{draw.randrange(i // 3 + 1) if i > 2 else 0}", f"n{i}")
             for i in range(1, nodes)]  # fmt: skip
    links += [
        Edge(f"x{i}", f"n{draw.randrange(nodes)}", f"n{draw.randrange(nodes)}",
             draw.choice(styles), "unknown")
        for i in range(edges - len(links))
    ]  # fmt: skip
    return Picture("Generated", tuple(made), tuple(links))
