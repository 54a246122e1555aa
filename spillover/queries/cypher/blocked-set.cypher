// id: blocked-set
// title: Who is blocked under a rule, by the verdict that Spillover stored?
// description: Entities with a verdict that `spillover neo4j verdicts` wrote: targets, blocked and
//   undetermined ones. The verdict is Spillover's own. The column up_to_date says whether the graph
//   is still the one on which it stands; where it is false, store the verdicts again.
// exact: `spillover why ENTITY --targets TARGET` proves each verdict; `spillover neo4j verdicts`
//   computes them anew.
// parameter rule: rule, default us-ofac-50; the rule of the stored verdict
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: entity, entity_id, countries, verdict, at_least, at_most, version, as_of, up_to_date

// form: rows
WITH 'verdict_' + replace($rule, '-', '_') AS stored
MATCH (entity:Entity)
WHERE entity[stored] IN ['target', 'blocked', 'undetermined'] AND NOT EXISTS { (entity)-[:SAME_AS]->() }
OPTIONAL MATCH (state:SpilloverGraph {id: 'graph'})
RETURN entity.name AS entity, entity.id AS entity_id, entity.countries AS countries,
  entity[stored] AS verdict, entity[stored + '_low'] AS at_least, entity[stored + '_high'] AS at_most,
  entity[stored + '_version'] AS version, entity[stored + '_as_of'] AS as_of,
  entity[stored + '_tag'] = state.tag AND state.state = 'complete' AS up_to_date
ORDER BY CASE verdict WHEN 'target' THEN 0 WHEN 'blocked' THEN 1 ELSE 2 END, entity_id
LIMIT $limit

// form: picture
WITH 'verdict_' + replace($rule, '-', '_') AS stored
MATCH (entity:Entity)
WHERE entity[stored] IN ['target', 'blocked', 'undetermined'] AND NOT EXISTS { (entity)-[:SAME_AS]->() }
WITH stored, entity ORDER BY entity.id LIMIT $limit
OPTIONAL MATCH held = (owner)-[claim:OWNS|CONTROLS]->(entity)
WHERE claim.stance = 'asserts' AND owner[stored] IN ['target', 'blocked', 'undetermined']
RETURN entity, held
