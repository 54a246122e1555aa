"""What can stand in the graph, and how each kind of relation carries a shock.

Entity schemata follow FollowTheMoney (FtM) and extend it where it has no word. Every relation
kind is declared once, here; the store, the loaders, the queries and the pictures all read this
table. A new kind costs one entry in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from spillover.graph.channels import Channel
from spillover.graph.evidence import Evidence
from spillover.graph.stake import Stake

SCHEMATA: Final[Mapping[str, str]] = MappingProxyType(
    {
        # schema: its parent
        "Thing": "",
        "LegalEntity": "Thing",
        "Person": "LegalEntity",
        "Organization": "LegalEntity",
        "Company": "Organization",
        "PublicBody": "Organization",
        "PoliticalParty": "Organization",
        "MilitaryUnit": "PublicBody",
        "University": "Organization",
        "Asset": "Thing",
        "Vessel": "Asset",
        "Airplane": "Asset",
        "Vehicle": "Asset",
        "RealEstate": "Asset",
        "Security": "Asset",
        "CryptoWallet": "Asset",
        "Country": "Thing",
        "Product": "Thing",
        "Technology": "Product",
        "Programme": "Thing",
        "Regime": "Organization",
    }
)
"""Every entity schema with its parent; the root is ``Thing``."""


def is_a(schema: str, ancestor: str) -> bool:
    """Whether ``schema`` is ``ancestor`` or inherits from it."""
    while schema:
        if schema == ancestor:
            return True
        schema = SCHEMATA[schema]
    return False


class Name(NamedTuple):
    """One name of an entity as a source writes it."""

    text: str
    lang: str = ""
    """ISO 639 code, empty when the source does not say."""
    role: str = "name"
    """``name``, ``alias``, ``previous`` or ``weak``."""


class Entity(NamedTuple):
    """One firm, person, organ, product or programme, as one dataset describes it."""

    id: str
    schema: str
    name: str
    names: tuple[Name, ...] = ()
    """Further names; ``name`` itself need not be repeated."""
    countries: tuple[str, ...] = ()
    """ISO 3166 alpha-2 codes, lower case."""
    identifiers: tuple[tuple[str, str], ...] = ()
    """(scheme, value), for example ``("lei", "529900…")``."""
    topics: tuple[str, ...] = ()
    properties: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    datasets: tuple[str, ...] = ()
    """Which datasets describe it; the store fills this in."""


class Relation(NamedTuple):
    """One claim that two entities are related, by one source."""

    kind: str
    source: str
    target: str
    stake: Stake | None = None
    """The share; None when the kind has none or the source states none."""
    basis: str = ""
    """What the share is a share of: one of the kind's ``bases``."""
    start: str | None = None
    end: str | None = None
    evidence: Evidence = Evidence()
    reported_indirect: bool = False
    """The claim repeats a chain of other holdings and is never summed with it."""
    block: str = ""
    """Claims of one block report the same shares; only the largest of a block counts."""
    stake_text: str = ""
    """The share as the source prints it."""
    properties: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of relation, declared once for every backend."""

    name: str
    arrow: str
    source: str
    """Schema that the source end must be."""
    target: str
    bases: tuple[str, ...] = ()
    """What its share may be a share of; empty when it has no share."""
    channels: tuple[Channel, ...] = ()
    ftm: tuple[str, str, str] | None = None
    """FtM schema, its property for the source end, its property for the target end."""
    means: tuple[str, ...] = ()
    """How it may be exercised; a claim states it where others state their basis."""
    key: tuple[str, ...] = ()
    """Properties that tell two claims of one pair apart, beside the basis."""
    verb: str = ""
    """How a sentence reads it: source VERB target."""


_OWNED = ("capital", "votes", "interest")

MEANS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "board": "right to appoint or remove most of the board",
        "votes": "most of the votes by agreement or proxy",
        "golden_share": "special share with a decisive right",
        "contract": "contracts instead of shares, as over a variable interest entity",
        "influence": "its affairs are run by the controller's wishes",
    }
)
"""How control is exercised, in words; control of which no means are stated has none of them."""

_DECLARED = (
    # (owner)-[:OWNS {low, high}]->(asset)
    Kind(
        "OWNS",
        "(owner)-[:OWNS {low, high}]->(asset)",
        "Thing",
        "Thing",
        bases=_OWNED,
        channels=(
            Channel("ownership", forward=True, weight=_OWNED, carries="is held by"),
            Channel("equity", forward=False, weight=_OWNED, carries="holds equity in"),
        ),
        key=("joint",),
        ftm=("Ownership", "owner", "asset"),
        verb="owns",
    ),
    # (controller)-[:CONTROLS {basis}]->(controlled)
    Kind(
        "CONTROLS",
        "(controller)-[:CONTROLS {basis}]->(controlled)",
        "Thing",
        "Thing",
        channels=(
            Channel("control", forward=True, weight=None, carries="is stated to be controlled by"),
        ),
        means=tuple(MEANS),
        key=("means",),
        verb="controls",
    ),
    # (parent)-[:CONSOLIDATES {level: direct|ultimate}]->(child)
    Kind(
        "CONSOLIDATES",
        "(parent)-[:CONSOLIDATES {level}]->(child)",
        "LegalEntity",
        "LegalEntity",
        key=("level",),
        verb="consolidates",
    ),
    # (director)-[:DIRECTS {role}]->(organization)
    Kind(
        "DIRECTS",
        "(director)-[:DIRECTS {role}]->(organization)",
        "LegalEntity",
        "LegalEntity",
        channels=(Channel("people", forward=True, weight=(), carries="is directed by"),),
        ftm=("Directorship", "director", "organization"),
        key=("role",),
        verb="directs",
    ),
    # (employer)-[:EMPLOYS {role}]->(employee)
    Kind(
        "EMPLOYS",
        "(employer)-[:EMPLOYS {role}]->(employee)",
        "LegalEntity",
        "LegalEntity",
        channels=(Channel("people", forward=True, weight=(), carries="is employed by"),),
        ftm=("Employment", "employer", "employee"),
        key=("role",),
        verb="employs",
    ),
    # (member)-[:MEMBER_OF {role}]->(organization)
    Kind(
        "MEMBER_OF",
        "(member)-[:MEMBER_OF {role}]->(organization)",
        "LegalEntity",
        "LegalEntity",
        channels=(Channel("people", forward=True, weight=(), carries="has as a member"),),
        ftm=("Membership", "member", "organization"),
        key=("role",),
        verb="is a member of",
    ),
    # (person)-[:FAMILY_OF {role}]->(relative)
    Kind(
        "FAMILY_OF",
        "(person)-[:FAMILY_OF {role}]->(relative)",
        "LegalEntity",
        "LegalEntity",
        channels=(
            Channel("people", forward=True, weight=(), carries="is family of"),
            Channel("people", forward=False, weight=(), carries="is family of"),
        ),
        ftm=("Family", "person", "relative"),
        key=("role",),
        verb="is family of",
    ),
    # (agent)-[:REPRESENTS {role}]->(client)
    Kind(
        "REPRESENTS",
        "(agent)-[:REPRESENTS {role}]->(client)",
        "LegalEntity",
        "LegalEntity",
        channels=(
            Channel("people", forward=True, weight=(), carries="is represented by"),
            Channel("people", forward=False, weight=(), carries="acts for"),
        ),
        ftm=("Representation", "agent", "client"),
        key=("role",),
        verb="acts for",
    ),
    # (successor)-[:SUCCEEDS]->(predecessor)
    Kind(
        "SUCCEEDS",
        "(successor)-[:SUCCEEDS]->(predecessor)",
        "Thing",
        "Thing",
        ftm=("Succession", "successor", "predecessor"),
        verb="succeeds",
    ),
    # (subject)-[:LINKED_TO {role}]->(object)
    Kind(
        "LINKED_TO",
        "(subject)-[:LINKED_TO {role}]->(object)",
        "Thing",
        "Thing",
        ftm=("UnknownLink", "subject", "object"),
        key=("role",),
        verb="is linked to",
    ),
    # (supplier)-[:SUPPLIES {share, product}]->(customer)
    Kind(
        "SUPPLIES",
        "(supplier)-[:SUPPLIES {share, product}]->(customer)",
        "Thing",
        "Thing",
        bases=("supply", "sales"),
        channels=(
            Channel("supply", forward=True, weight=("supply",), carries="is supplied by"),
            Channel("demand", forward=False, weight=("sales",), carries="sells to"),
        ),
        key=("product",),
        verb="supplies",
    ),
    # (producer)-[:PRODUCES {share}]->(product)
    Kind(
        "PRODUCES",
        "(producer)-[:PRODUCES {share}]->(product)",
        "Thing",
        "Product",
        bases=("market",),
        channels=(Channel("product", forward=True, weight=("market",), carries="is produced by"),),
        key=("scope",),
        verb="produces",
    ),
    # (product)-[:INPUT_TO]->(product)
    Kind(
        "INPUT_TO",
        "(product)-[:INPUT_TO]->(product)",
        "Product",
        "Product",
        bases=("supply",),
        channels=(Channel("product", forward=True, weight=("supply",), carries="is made with"),),
        verb="goes into",
    ),
    # (product)-[:KIND_OF]->(product)
    Kind(
        "KIND_OF",
        "(product)-[:KIND_OF]->(product)",
        "Product",
        "Product",
        bases=("market",),
        channels=(Channel("product", forward=True, weight=("market",), carries="includes"),),
        verb="is a kind of",
    ),
    # (country)-[:EXPORTS {hs6, year, value, weight}]->(country)
    Kind(
        "EXPORTS",
        "(country)-[:EXPORTS {product, hs6, year, value, weight}]->(country)",
        "Thing",
        "Thing",
        channels=(Channel("trade", forward=True, weight=(), carries="imports from"),),
        key=("product", "hs6", "period"),
        verb="exports to",
    ),
    # (partner)-[:COLLABORATES {form}]->(partner)
    Kind(
        "COLLABORATES",
        "(partner)-[:COLLABORATES {form}]->(partner)",
        "Thing",
        "Thing",
        channels=(
            Channel("knowledge", forward=True, weight=(), carries="collaborates with"),
            Channel("knowledge", forward=False, weight=(), carries="collaborates with"),
        ),
        key=("form",),
        verb="collaborates with",
    ),
    # (regime)-[:COVERS]->(product)
    Kind(
        "COVERS",
        "(regime)-[:COVERS]->(product)",
        "Thing",
        "Product",
        verb="covers",
    ),
    # (country)-[:MEMBER_STATE {start, end}]->(regime)
    Kind(
        "MEMBER_STATE",
        "(country)-[:MEMBER_STATE {start, end}]->(regime)",
        "Country",
        "Thing",
        verb="is a member state of",
    ),
    # (programme)-[:DESIGNATES {start, end}]->(entity)
    Kind(
        "DESIGNATES",
        "(programme)-[:DESIGNATES {start, end}]->(entity)",
        "Programme",
        "Thing",
        channels=(
            Channel("designation", forward=True, weight=None, carries="is designated under"),
        ),
        ftm=("Sanction", "program", "entity"),
        verb="designates",
    ),
    # (organ)-[:STATE_TIE {tie, degree}]->(entity)
    Kind(
        "STATE_TIE",
        "(organ)-[:STATE_TIE {tie, degree}]->(entity)",
        "Thing",
        "Thing",
        channels=(Channel("state", forward=True, weight=(), carries="has a tie to"),),
        key=("tie", "degree"),
        verb="has a state tie to",
    ),
    # (holder)-[:ACTS_JOINTLY {arrangement}]->(asset)
    Kind(
        "ACTS_JOINTLY",
        "(holder)-[:ACTS_JOINTLY {arrangement}]->(asset)",
        "LegalEntity",
        "Thing",
        key=("arrangement",),
        verb="votes by a joint arrangement in",
    ),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.name: kind for kind in _DECLARED})
"""Every relation kind by name, in the order of declaration, which graph files number them by: a
new kind stands last."""
