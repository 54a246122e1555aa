// id: subsidiaries
// title: What does it own, directly and through others?
// description: Every claim of a holding that counts on the day, downward from an entity, with its
//   source. Claims stand side by side: shares are neither multiplied along chains nor added up.
// exact: `spillover subsidiaries ENTITY` puts claims together; `spillover shares OWNER` multiplies
//   and adds them up by a method of your choice.
// parameter entity: entity; whose assets are asked for
// parameter hops: integer 1 to 10, default 5; at most so many holdings in a row
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: level, owner, owner_id, owned, owned_id, share, basis, repeats_a_chain, denied,
//   observed, publisher, dataset

// form: rows
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH reduce(levels = [[one]], step IN range(1, $hops) | levels + [COLLECT {
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
UNWIND range(0, size(levels) - 1) AS depth
UNWIND levels[depth] AS owner
WITH depth, owner WHERE depth < $hops
MATCH (owner)<-[:SAME_AS]-{0,1}(holder)-[claim:OWNS]->(named)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (named)-[:SAME_AS]->(namedFor)
WITH depth + 1 AS level, owner, coalesce(namedFor, named) AS owned, claim
RETURN level, owner.name AS owner, owner.id AS owner_id, owned.name AS owned, owned.id AS owned_id,
  claim.share AS share, claim.basis AS basis, claim.reported_indirect = 1 AS repeats_a_chain,
  EXISTS {
    MATCH (owner)<-[:SAME_AS]-{0,1}()-[no:OWNS]->()-[:SAME_AS]->{0,1}(owned)
    WHERE no.stance = 'denies' AND left(coalesce(no.start, no.observed, $as_of), 10) <= $as_of
  } AS denied,
  claim.observed AS observed, claim.publisher AS publisher, claim.dataset AS dataset
ORDER BY level, owner_id, owned_id, claim.key
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
WITH reduce(levels = [[one]], step IN range(1, $hops) | levels + [COLLECT {
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
UNWIND range(0, size(levels) - 1) AS depth
UNWIND levels[depth] AS owner
WITH depth, owner WHERE depth < $hops
MATCH chain = (owner)<-[:SAME_AS]-{0,1}(holder)-[claim:OWNS]->(named)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH joined = (named)-[:SAME_AS]->()
RETURN chain, joined
LIMIT $limit
