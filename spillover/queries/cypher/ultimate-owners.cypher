// id: ultimate-owners
// title: Who stands at the top of its chains of owners?
// description: Owners above an entity of whom no owner is known on the day, with the least number
//   of holdings between. A chain that is longer than the hops asked for has no top here, and owners
//   who only own each other in a circle are none. How much an owner comes to is not worked out.
// exact: `spillover beneficial ENTITY` works out each ultimate owner's share through all chains, as
//   an interval where shares are unknown.
// parameter entity: entity; whose ultimate owners are asked for
// parameter hops: integer 1 to 10, default 5; at most so many holdings in a row
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: owner, owner_id, kind, countries, listing, holdings_between

// form: rows
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH reduce(levels = [[one]], step IN range(1, $hops) | levels + [COLLECT {
    UNWIND levels[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN levels WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS levels
UNWIND range(0, size(levels) - 1) AS depth
UNWIND levels[depth] AS owner
WITH depth, owner
WHERE depth > 0 AND NOT EXISTS {
  MATCH (owner)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(holder)
  WHERE claim.stance = 'asserts'
    AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
    AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    AND holder <> owner AND NOT EXISTS { (holder)-[:SAME_AS]->(owner) }
}
RETURN owner.name AS owner, owner.id AS owner_id, owner.schema AS kind, owner.countries AS countries,
  owner.listing AS listing, depth AS holdings_between
ORDER BY holdings_between, owner_id
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH reduce(levels = [[one]], step IN range(1, $hops) | levels + [COLLECT {
    UNWIND levels[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN levels WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS levels
WITH levels, reduce(all = [], known IN levels | all + known) AS chain
UNWIND chain AS owned
MATCH holding = (owned)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(holder)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (holder)-[:SAME_AS]->(holderFor)
WITH chain, holding, coalesce(holderFor, holder) AS owner
WHERE owner IN chain
RETURN holding
LIMIT $limit
