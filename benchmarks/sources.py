"""How fast are public formats loaded, beside plain scripts: ``python -m benchmarks.sources``.

Spillover stores what it reads, searchable, with its sources, and compiles its index; the peers
put it into a networkx graph in memory and store nothing. Every contestant runs in a process of its
own, all in turn, and must find the number of links that was written. ``FOLLOWTHEMONEY_PYTHON``
names an interpreter that has followthemoney and networkx; without it that peer is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.generate import write as write_register
from benchmarks.running import Run, process

FTM: Final = "followthemoney, networkx"
ROWS: Final = {
    "ftm": ("spillover", "json, networkx", FTM),
    "gleif rr xml": ("spillover", "lxml, networkx"),
    "gleif rr csv": ("spillover", "csv, networkx"),
    "icij": ("spillover", "csv, networkx"),
}
_RR: Final = "http://www.gleif.org/data/schema/rr/2016"
_FTM_SCRIPT: Final = """
import json, sys, networkx as nx
from followthemoney import model
graph = nx.MultiDiGraph()
for line in open(sys.argv[1], encoding="utf-8"):
    proxy = model.get_proxy(json.loads(line))
    if proxy.schema.edge:
        for source, target in proxy.edgepairs():
            graph.add_edge(source, target, key=proxy.id, **proxy.to_dict())
    else:
        graph.add_node(proxy.id, **proxy.to_dict())
print(graph.number_of_edges())
"""


# -- files ---------------------------------------------------------------------------------


def _lei(number: int) -> str:
    """The LEI of a generated firm, with its check digits (ISO 17442: 98 - n * 100 mod 97)."""
    body = f"BENCH0{number:012}"
    digits = "".join(str(int(sign, 36)) for sign in body)
    return f"{body}{98 - int(digits + '00') % 97:02}"


def _pairs(links: int) -> Iterator[tuple[int, int, int]]:
    rng = random.Random(links)
    nodes = max(2, links * 4 // 5)
    for number in range(links):
        yield number, rng.randrange(nodes), rng.randrange(nodes)


def write_ftm(folder: Path, links: int) -> Path:
    """FollowTheMoney lines of a register of firms, persons and holdings."""
    write_register(links, folder)
    return folder / "register.ftm.json"


def write_rr_xml(folder: Path, links: int) -> Path:
    """Relationship records of GLEIF as XML."""
    file = folder / "rr.xml"
    with file.open("w", encoding="utf-8") as out:
        out.write(f'<rr:RelationshipData xmlns:rr="{_RR}"><rr:RelationshipRecords>')
        for number, child, parent in _pairs(links):
            level = ("DIRECTLY", "ULTIMATELY")[number % 2]
            out.write(
                "<rr:RelationshipRecord><rr:Relationship>"
                f"<rr:StartNode><rr:NodeID>{_lei(child)}</rr:NodeID>"
                "<rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode>"
                f"<rr:EndNode><rr:NodeID>{_lei(parent)}</rr:NodeID>"
                "<rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode>"
                f"<rr:RelationshipType>IS_{level}_CONSOLIDATED_BY</rr:RelationshipType>"
                "<rr:RelationshipStatus>ACTIVE</rr:RelationshipStatus></rr:Relationship>"
                "<rr:Registration>"
                "<rr:InitialRegistrationDate>2020-01-01T00:00:00Z</rr:InitialRegistrationDate>"
                "<rr:LastUpdateDate>2024-01-01T00:00:00Z</rr:LastUpdateDate>"
                "<rr:RegistrationStatus>PUBLISHED</rr:RegistrationStatus>"
                "<rr:ValidationSources>FULLY_CORROBORATED</rr:ValidationSources>"
                "</rr:Registration></rr:RelationshipRecord>\n"
            )
        out.write("</rr:RelationshipRecords></rr:RelationshipData>\n")
    return file


def write_rr_csv(folder: Path, links: int) -> Path:
    """The same as a golden copy in CSV."""
    file = folder / "rr.csv"
    columns = (
        *("Relationship.StartNode.NodeID", "Relationship.StartNode.NodeIDType"),
        *("Relationship.EndNode.NodeID", "Relationship.EndNode.NodeIDType"),
        *("Relationship.RelationshipType", "Relationship.RelationshipStatus"),
        *("Registration.InitialRegistrationDate", "Registration.LastUpdateDate"),
        *("Registration.RegistrationStatus", "Registration.ValidationSources"),
    )
    with file.open("w", encoding="utf-8") as out:
        out.write(",".join(columns) + "\n")
        for number, child, parent in _pairs(links):
            level = ("DIRECTLY", "ULTIMATELY")[number % 2]
            out.write(
                f"{_lei(child)},LEI,{_lei(parent)},LEI,IS_{level}_CONSOLIDATED_BY,ACTIVE,"
                "2020-01-01T00:00:00Z,2024-01-01T00:00:00Z,PUBLISHED,FULLY_CORROBORATED\n"
            )
    return file


def write_icij(folder: Path, links: int) -> Path:
    """Nodes and relationships of the Offshore Leaks, in a folder."""
    made = folder / "icij"
    made.mkdir(parents=True, exist_ok=True)
    names = random.Random(1)
    count = max(2, links * 4 // 5)
    with (made / "nodes-entities.csv").open("w", encoding="utf-8") as out:
        out.write("node_id,name,jurisdiction_description,countries,country_codes,sourceID\n")
        for number in range(count):
            name = "".join(names.choices(string.ascii_uppercase, k=12))
            out.write(f"{number},{name} LTD,Panama,Panama,PAN,Panama Papers\n")
    with (made / "relationships.csv").open("w", encoding="utf-8") as out:
        out.write("node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n")
        for _, source, target in _pairs(links):
            link = ",officer_of,shareholder of,,05-MAR-1998,,Panama Papers\n"
            out.write(f"{source},{target}{link}")
    return made


WRITERS: Final[dict[str, tuple[Callable[[Path, int], Path], int]]] = {
    "ftm": (write_ftm, 1_000_000),
    "gleif rr xml": (write_rr_xml, 500_000),
    "gleif rr csv": (write_rr_csv, 500_000),
    "icij": (write_icij, 1_200_000),
}
LOADERS: Final = {"ftm": "ftm", "gleif rr xml": "gleif", "gleif rr csv": "gleif", "icij": "icij"}


# -- contestants: each prints how many links it found ------------------------------------------


def spillover(row: str, file: Path) -> int:
    """Stored, searchable, with its sources, and the index compiled."""
    from spillover.graph.session import Graph
    from spillover.loaders.run import run

    graph = file.parent / f"{row.replace(' ', '-')}.db"
    for old in graph.parent.glob(f"{graph.name}*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    run(graph, LOADERS[row], [file])
    with Graph(graph) as opened:
        return int(opened.index.claims)


def peer(name: str, file: Path) -> int:
    """A plain script into networkx."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    {"json": _json, "lxml": _lxml, "csv": _csv}[name.partition(",")[0]](file, graph)
    return graph.number_of_edges()


def _json(file: Path, graph: Any) -> None:
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            said = record["properties"]
            if record["schema"] == "Ownership":
                graph.add_edge(said["owner"][0], said["asset"][0], key=record["id"], **said)
            else:
                graph.add_node(record["id"], **said)


def _lxml(file: Path, graph: Any) -> None:
    from lxml import etree

    for _, element in etree.iterparse(str(file), tag=f"{{{_RR}}}RelationshipRecord"):
        texts = [node.text for node in element.iter() if node.text and node.text.strip()]
        graph.add_edge(texts[2], texts[0], record=texts)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _csv(file: Path, graph: Any) -> None:
    import csv

    tables = sorted(file.glob("*.csv")) if file.is_dir() else [file]
    for table in tables:
        with table.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if "node_id" in row:
                    graph.add_node(row["node_id"], **row)
                elif "rel_type" in row:
                    graph.add_edge(row["node_id_start"], row["node_id_end"], record=row)
                else:
                    ends = ("Relationship.EndNode.NodeID", "Relationship.StartNode.NodeID")
                    graph.add_edge(*(row[end] for end in ends), record=row)


# -- the table ---------------------------------------------------------------------------------


def _run(row: str, name: str, file: Path) -> Run | None:
    if name != FTM:
        words = [sys.executable, "-m", "benchmarks.sources", "--one", row, name, str(file)]
        return process(words, 3600)
    python = os.environ.get("FOLLOWTHEMONEY_PYTHON")
    return process([python, "-c", _FTM_SCRIPT, str(file)], 3600) if python else None


def compare(row: str, folder: Path, links: int, runs: int) -> None:
    """Print the lines of one row: medians, and ratios of each peer to Spillover."""
    file = WRITERS[row][0](folder, links)
    found: dict[str, list[Run]] = {name: [] for name in ROWS[row]}
    for _ in range(runs):
        for name, several in found.items():
            run = _run(row, name, file)
            if run is None:
                continue
            if run.failed or int(run.printed) != links:
                sys.exit(f"benchmarks: {row}: {name} found {run.printed!r}, not {links}")
            several.append(run)
    first = 0.0, 0.0
    for name, several in found.items():
        if not several:
            print(f"| {row} | {name} | left out: FOLLOWTHEMONEY_PYTHON is not set | | | | |")
            continue
        cpu, peak = (
            statistics.median(column)
            for column in zip(*((r.cpu, r.peak) for r in several), strict=True)
        )
        first = first if any(first) else (cpu, peak)
        print(
            f"| {row}, {links:,} links | {name} | {cpu:.1f} s | {links / cpu:,.0f} | {peak:.0f}"
            f" | {cpu / first[0]:.2f} | {peak / first[1]:.2f} |",
            flush=True,
        )


def main() -> None:
    """Parse, write the files, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sources", description=__doc__)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=ROWS, nargs="+", default=list(ROWS))
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full sizes")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks/sources"))
    asked = parser.parse_args()
    if asked.one:
        row, name, file = asked.one
        print(spillover(row, Path(file)) if name == "spillover" else peer(name, Path(file)))
        return
    asked.folder.mkdir(parents=True, exist_ok=True)
    print(
        "| row | contestant | CPU | links per CPU second | peak MB | CPU, ratio | memory, ratio |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for row in asked.only:
        compare(row, asked.folder, int(WRITERS[row][1] * asked.scale), asked.runs)


if __name__ == "__main__":
    main()
