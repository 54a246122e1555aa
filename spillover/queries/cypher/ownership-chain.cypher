// id: ownership-chain
// title: Who owns it, through whom, level by level?
// description: Every claim of a holding that counts on the day, upward from an entity, with its
//   source. Claims stand side by side: nothing is added up over several owners, and a claim that a
//   later observation replaces is still listed.
// exact: `spillover owners ENTITY` puts claims together and leaves out replaced ones; `spillover
//   shares` adds up what several owners and chains come to.
// parameter entity: entity; whose owners are asked for
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
UNWIND levels[depth] AS owned
WITH depth, owned WHERE depth < $hops
MATCH (owned)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(holder)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (holder)-[:SAME_AS]->(holderFor)
WITH depth + 1 AS level, owned, coalesce(holderFor, holder) AS owner, claim
RETURN level, owner.name AS owner, owner.id AS owner_id, owned.name AS owned, owned.id AS owned_id,
  claim.share AS share, claim.basis AS basis, claim.reported_indirect = 1 AS repeats_a_chain,
  EXISTS {
    MATCH (owner)<-[:SAME_AS]-{0,1}()-[no:OWNS]->()-[:SAME_AS]->{0,1}(owned)
    WHERE no.stance = 'denies' AND left(coalesce(no.start, no.observed, $as_of), 10) <= $as_of
  } AS denied,
  claim.observed AS observed, claim.publisher AS publisher, claim.dataset AS dataset
ORDER BY level, owned_id, owner_id, claim.key
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
UNWIND levels[depth] AS owned
WITH depth, owned WHERE depth < $hops
MATCH chain = (owned)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS]-(holder)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH joined = (holder)-[:SAME_AS]->()
RETURN chain, joined
LIMIT $limit
