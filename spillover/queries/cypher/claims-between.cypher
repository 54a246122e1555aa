// id: claims-between
// title: What is said between two entities, by whom, from when?
// description: Every claim between the two in either direction with its full source: denials and
//   ended claims among them, whatever the day. The date of the dataset stands beside it.
// exact: `spillover show ENTITY` lists the same for all relations of an entity, and says which
//   count.
// parameter first: entity; one of the two
// parameter second: entity; the other
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: source, kind, target, stance, share, start, end, observed, confidence, publisher, title,
//   url, record, note, dataset, dataset_date

// form: rows
MATCH (first:Entity {id: $first})
OPTIONAL MATCH (first)-[:SAME_AS]->(firstFor)
WITH coalesce(firstFor, first) AS one
MATCH (second:Entity {id: $second})
OPTIONAL MATCH (second)-[:SAME_AS]->(secondFor)
WITH one, coalesce(secondFor, second) AS two
MATCH (one)<-[:SAME_AS]-{0,1}(here)-[claim]-(there)-[:SAME_AS]->{0,1}(two)
WHERE NOT claim:SAME_AS
OPTIONAL MATCH (load:SpilloverLoad {num: claim.load})
RETURN startNode(claim).name AS source, type(claim) AS kind, endNode(claim).name AS target,
  claim.stance AS stance, claim.share AS share, claim.start AS start, claim.end AS end,
  claim.observed AS observed, claim.confidence AS confidence, claim.publisher AS publisher,
  claim.title AS title, claim.url AS url, claim.record AS record, claim.note AS note,
  claim.dataset AS dataset, load.date AS dataset_date
ORDER BY observed, kind, source, claim.key
LIMIT $limit

// form: picture
MATCH (first:Entity {id: $first})
OPTIONAL MATCH (first)-[:SAME_AS]->(firstFor)
WITH coalesce(firstFor, first) AS one
MATCH (second:Entity {id: $second})
OPTIONAL MATCH (second)-[:SAME_AS]->(secondFor)
WITH one, coalesce(secondFor, second) AS two
MATCH said = (one)<-[:SAME_AS]-{0,1}(here)-[claim]-(there)-[:SAME_AS]->{0,1}(two)
WHERE NOT claim:SAME_AS
RETURN said
LIMIT $limit
