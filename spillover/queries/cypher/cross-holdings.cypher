// id: cross-holdings
// title: Does it own, through others, a part of its own owners?
// description: Owners of the entity in which it has a holding itself, directly or through others:
//   circles of holdings, the shortest first. Only the shortest way down to each such owner is
//   counted.
// exact: `spillover shares OWNER` works out what a circle comes to by integrated ownership; under
//   `spillover blocked` a closed circle never blocks itself.
// parameter entity: entity; whose circles of holdings are asked for
// parameter hops: integer 1 to 10, default 5; at most so many holdings in a row
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: holdings_in_circle, owner, owner_id, share_of_owner, observed, publisher, dataset

// form: rows
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH one, reduce(levels = [[one]], step IN range(1, $hops) | levels + [COLLECT {
    UNWIND levels[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN levels WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS levels
UNWIND range(1, $hops) AS depth
UNWIND levels[depth] AS last
MATCH (one)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(holder)-[:SAME_AS]->{0,1}(last)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
RETURN depth + 1 AS holdings_in_circle, last.name AS owner, last.id AS owner_id,
  claim.share AS share_of_owner, claim.observed AS observed, claim.publisher AS publisher,
  claim.dataset AS dataset
ORDER BY holdings_in_circle, owner_id, claim.key
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH one, reduce(levels = [[one]], step IN range(1, $hops) | levels + [COLLECT {
    UNWIND levels[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN levels WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS levels
WITH
  reduce(all = [], known IN levels | all + known) AS below,
  reduce(above = [[one]], step IN range(1, $hops) | above + [COLLECT {
    UNWIND above[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN above WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS above
WITH [here IN reduce(all = [], known IN above | all + known) WHERE here IN below] AS circle
UNWIND circle AS here
MATCH holding = (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS]->(other)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
WITH circle, holding, coalesce(otherFor, other) AS next
WHERE next IN circle
RETURN holding
LIMIT $limit
