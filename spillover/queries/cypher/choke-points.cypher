// id: choke-points
// title: Who stands on every path from a target to an entity?
// description: Entities without whom no path of at most so many relations leads from the target to
//   the entity. Each is found on the shortest paths and then tried: is there a way around it?
//   Relations that must all be passed, and the smallest set of several entities, are not looked
//   for.
// exact: `spillover chokepoints TARGET --to ENTITY` finds them on paths of any length, with what
//   each carries, and the smallest cuts of several entities or relations.
// parameter target: entity; from whom the shock comes
// parameter entity: entity; who is exposed
// parameter hops: integer 1 to 10, default 5; at most so many relations in a row
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: position, entity, entity_id, shortest_path

// form: rows
MATCH (first:Entity {id: $target})
OPTIONAL MATCH (first)-[:SAME_AS]->(firstFor)
WITH coalesce(firstFor, first) AS source
MATCH (last:Entity {id: $entity})
OPTIONAL MATCH (last)-[:SAME_AS]->(lastFor)
WITH source, coalesce(lastFor, last) AS goal
WITH source, goal, reduce(near = [[goal]], step IN range(1, $hops) | near + [COLLECT {
    UNWIND near[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]-(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN near WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS near
WITH source, goal, near, reduce(far = [[source]], step IN range(1, $hops) | far + [COLLECT {
    UNWIND far[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN far WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS far
WITH source, goal, near, far,
  coalesce(head([depth IN range(1, $hops) WHERE goal IN far[depth]]), 0) AS shortest
UNWIND range(1, shortest - 1) AS position
WITH source, goal, shortest, position,
  [here IN far[position] WHERE here IN near[shortest - position]] AS there
WHERE size(there) = 1
WITH source, goal, shortest, position, there[0] AS only
WITH source, goal, shortest, position, only,
  reduce(way = [[source]], step IN range(1, $hops) | way + [COLLECT {
    UNWIND way[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN way WHERE next IN known) AND next <> only
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS way
WITH goal, shortest, position, only, way
WHERE NOT any(known IN way WHERE goal IN known)
RETURN position, only.name AS entity, only.id AS entity_id, shortest AS shortest_path
ORDER BY position
LIMIT $limit

// form: picture
MATCH (first:Entity {id: $target})
OPTIONAL MATCH (first)-[:SAME_AS]->(firstFor)
WITH coalesce(firstFor, first) AS source
MATCH (last:Entity {id: $entity})
OPTIONAL MATCH (last)-[:SAME_AS]->(lastFor)
WITH source, coalesce(lastFor, last) AS goal
WITH source, goal, reduce(near = [[goal]], step IN range(1, $hops) | near + [COLLECT {
    UNWIND near[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)<-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]-(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN near WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS near
WITH source, goal, near, reduce(far = [[source]], step IN range(1, $hops) | far + [COLLECT {
    UNWIND far[-1] AS here
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT coalesce(otherFor, other) AS next
    WHERE NOT any(known IN far WHERE next IN known)
    RETURN next ORDER BY next.id LIMIT 5000
  }]) AS far
UNWIND range(0, $hops) AS depth
UNWIND far[depth] AS here
WITH source, goal, near, far, depth, here
WHERE any(left IN range(0, $hops - depth) WHERE here IN near[left])
WITH source, goal, near, far, collect(here) AS between
UNWIND between AS here
MATCH hop = (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]->(other)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
WITH between, hop, other, coalesce(otherFor, other) AS next
WHERE next IN between
OPTIONAL MATCH joined = (other)-[:SAME_AS]->()
RETURN hop, joined
LIMIT $limit
