// id: listed-nearby
// title: Which listed entities own, control or are held by it, within a few steps?
// description: Entities that a programme lists on the day, above or below the entity along holdings
//   and control, with the least number of steps. Listed, blocked and linked are different things:
//   being near a listed entity blocks nobody.
// exact: `spillover blocked TARGET --of ENTITY` says whether a rule reaches it, and how surely.
// parameter entity: entity; whose surroundings are searched
// parameter hops: integer 1 to 10, default 3; at most so many relations in a row
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: where_it_stands, hops, listed, listed_id, programme, since, publisher, dataset

// form: rows
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH one, reduce(above = [[one]], step IN range(1, $hops) | above + [COLLECT {
    UNWIND above[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS|CONTROLS]-(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN above WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS above
WITH one, above, reduce(below = [[one]], step IN range(1, $hops) | below + [COLLECT {
    UNWIND below[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN below WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS below
WITH [depth IN range(0, $hops) | ['above', depth, above[depth]]]
  + [depth IN range(1, $hops) | ['below', depth, below[depth]]] AS places
UNWIND places AS place
UNWIND place[2] AS near
WITH CASE place[1] WHEN 0 THEN 'itself' ELSE place[0] END AS where_it_stands, place[1] AS hops, near
MATCH (near)<-[:SAME_AS]-{0,1}(named)<-[claim:DESIGNATES]-(programme)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
RETURN where_it_stands, hops, near.name AS listed, near.id AS listed_id, programme.id AS programme,
  claim.start AS since, claim.publisher AS publisher, claim.dataset AS dataset
ORDER BY hops, where_it_stands, listed_id, programme, claim.key
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH one, reduce(above = [[one]], step IN range(1, $hops) | above + [COLLECT {
    UNWIND above[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS|CONTROLS]-(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN above WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS above
WITH one, above, reduce(below = [[one]], step IN range(1, $hops) | below + [COLLECT {
    UNWIND below[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN below WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS below
WITH [depth IN range(0, $hops) | ['above', depth, above[depth]]]
  + [depth IN range(1, $hops) | ['below', depth, below[depth]]] AS places
UNWIND places AS place
UNWIND place[2] AS near
WITH CASE place[1] WHEN 0 THEN 'itself' ELSE place[0] END AS where_it_stands, place[1] AS hops, near
OPTIONAL MATCH listing = (near)<-[:SAME_AS]-{0,1}(named)<-[claim:DESIGNATES]-(programme)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH held = (near)<-[:SAME_AS]-{0,1}(owned)<-[holding:OWNS|CONTROLS]-(owner)
WHERE holding.stance = 'asserts'
  AND left(coalesce(holding.start, holding.observed, $as_of), 10) <= $as_of
  AND coalesce(holding.end, $as_of) >= left($as_of, size(coalesce(holding.end, $as_of)))
RETURN near, listing, held
LIMIT $limit
