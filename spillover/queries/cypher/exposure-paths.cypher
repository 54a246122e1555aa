// id: exposure-paths
// title: Through which paths does a shock go from a target to an entity?
// description: Paths along holdings, control, supplies, production and inputs, the shortest first,
//   each entity once on a path. What is stated of each hop stands behind its kind, and whether
//   somebody denies it. The strength of a path and the sum over all paths are not worked out. Of
//   very many unfinished paths 5,000 are followed.
// exact: `spillover exposure TARGET --to ENTITY` multiplies the shares along each path exactly and
//   ranks paths by strength.
// parameter target: entity; from whom the shock comes
// parameter entity: entity; who is exposed
// parameter hops: integer 1 to 10, default 5; at most so many relations in a row
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: hops, path, relations, ids

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
WITH source, goal, near, reduce(ways = [[[source]]], step IN range(1, $hops) | ways + [COLLECT {
    UNWIND ways[-1] AS way
    WITH way, way[-1] AS here
    WHERE here <> goal
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]->(other)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    OPTIONAL MATCH (other)-[:SAME_AS]->(otherFor)
    WITH DISTINCT way, coalesce(otherFor, other) AS next
    WHERE NOT next IN way AND any(left IN range(0, $hops - step) WHERE next IN near[left])
    RETURN way + [next] AS way LIMIT 5000
  }]) AS ways
UNWIND ways AS level
UNWIND level AS way
WITH goal, way WHERE way[-1] = goal AND size(way) > 1
WITH way, [at IN range(1, size(way) - 1) | COLLECT {
    WITH way[at - 1] AS here, way[at] AS next
    MATCH (here)<-[:SAME_AS]-{0,1}(named)-[claim:OWNS|CONTROLS|SUPPLIES|PRODUCES|INPUT_TO|KIND_OF]->(other)
      -[:SAME_AS]->{0,1}(next)
    WHERE claim.stance = 'asserts'
      AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
      AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
    WITH DISTINCT type(claim) + coalesce(' ' + claim.share, '')
      + CASE WHEN EXISTS {
        MATCH (here)<-[:SAME_AS]-{0,1}()-[no]->()-[:SAME_AS]->{0,1}(next)
        WHERE type(no) = type(claim) AND no.stance = 'denies'
          AND left(coalesce(no.start, no.observed, $as_of), 10) <= $as_of
      } THEN ' (denied)' ELSE '' END AS said
    RETURN said ORDER BY said
  }] AS stated
RETURN size(way) - 1 AS hops,
  reduce(text = way[0].name, node IN tail(way) | text + ' -> ' + node.name) AS path,
  [said IN stated | reduce(text = head(said), more IN tail(said) | text + ' / ' + more)] AS relations,
  [node IN way | node.id] AS ids
ORDER BY hops, ids
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
