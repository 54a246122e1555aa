// id: state-ties
// title: Which organs of states and parties is it tied to, itself or through its owners?
// description: Claims of state ties that count on the day, of the entity (0 holdings above it) and
//   of its owners. A tie that somebody denies is marked. Ties do not pass through shares of a given
//   size: every holding counts as one step.
// exact: `spillover ties ENTITY` weighs ties by category and tells through which relations they
//   come.
// parameter entity: entity; whose ties are asked for
// parameter hops: integer 1 to 10, default 5; at most so many holdings in a row
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: holdings_above, subject, subject_id, organ, organ_id, tie, degree, denied, observed,
//   publisher, dataset

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
UNWIND levels[depth] AS subject
MATCH (subject)<-[:SAME_AS]-{0,1}(named)<-[claim:STATE_TIE]-(organ)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (organ)-[:SAME_AS]->(organFor)
WITH depth, subject, coalesce(organFor, organ) AS body, claim
RETURN depth AS holdings_above, subject.name AS subject, subject.id AS subject_id,
  body.name AS organ, body.id AS organ_id, claim.tie AS tie, claim.degree AS degree,
  EXISTS {
    MATCH (body)<-[:SAME_AS]-{0,1}()-[no:STATE_TIE]->()-[:SAME_AS]->{0,1}(subject)
    WHERE no.stance = 'denies' AND left(coalesce(no.start, no.observed, $as_of), 10) <= $as_of
  } AS denied,
  claim.observed AS observed, claim.publisher AS publisher, claim.dataset AS dataset
ORDER BY holdings_above, subject_id, organ_id, claim.key
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
UNWIND range(0, size(levels) - 1) AS depth
UNWIND levels[depth] AS subject
OPTIONAL MATCH bond = (subject)<-[:SAME_AS]-{0,1}(named)<-[claim:STATE_TIE]-(organ)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH held = (subject)<-[:SAME_AS]-{0,1}(owned)<-[holding:OWNS]-(owner)
WHERE holding.stance = 'asserts'
  AND left(coalesce(holding.start, holding.observed, $as_of), 10) <= $as_of
  AND coalesce(holding.end, $as_of) >= left($as_of, size(coalesce(holding.end, $as_of)))
RETURN bond, held
LIMIT $limit
