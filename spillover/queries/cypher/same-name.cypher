// id: same-name
// title: Which other entities bear one of its names?
// description: Entities that have a name in common with it, without regard to case and accents, and
//   that no identifier joins with it. A name joins nobody: whether they are one is for you to find
//   out.
// exact: `spillover search NAME` finds parts of names; `spillover screen` weighs names of a list
//   with countries and identifiers, and says how sure it is.
// parameter entity: entity; whose namesakes are asked for
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: name, namesake, namesake_id, kind, countries, identifiers, datasets

// form: rows
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
UNWIND split(one.folded, '\n') AS searched
WITH one, searched WHERE searched <> ''
MATCH (other:Entity)
WHERE other.folded CONTAINS searched AND searched IN split(other.folded, '\n')
OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
WITH one, searched, coalesce(otherFor, other) AS namesake
WHERE namesake <> one
RETURN DISTINCT searched AS name, namesake.name AS namesake, namesake.id AS namesake_id,
  namesake.schema AS kind, namesake.countries AS countries, namesake.identifiers AS identifiers,
  namesake.datasets AS datasets
ORDER BY name, namesake_id
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
UNWIND split(one.folded, '\n') AS searched
WITH one, searched WHERE searched <> ''
MATCH (other:Entity)
WHERE other.folded CONTAINS searched AND searched IN split(other.folded, '\n')
OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
WITH one, searched, coalesce(otherFor, other) AS namesake
WHERE namesake <> one
RETURN DISTINCT one, namesake
LIMIT $limit
