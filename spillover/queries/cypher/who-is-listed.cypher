// id: who-is-listed
// title: Whom does a programme list on a day?
// description: Entities with a listing that counts on the day; those that were removed before are
//   left out. Each row is one claim: several datasets may tell of one listing.
// exact: `spillover show PROGRAMME` has every claim, ended ones among them.
// parameter programme: entity; the programme or list, for example US-DOD-1260H
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: listed, listed_id, kind, countries, since, until, observed, publisher, dataset

// form: rows
MATCH (asked:Entity {id: $programme})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
MATCH (one)<-[:SAME_AS]-{0,1}(named)-[claim:DESIGNATES]->(entity)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (entity)-[:SAME_AS]->(entityFor)
WITH coalesce(entityFor, entity) AS listed, claim
RETURN listed.name AS listed, listed.id AS listed_id, listed.schema AS kind,
  listed.countries AS countries, claim.start AS since, claim.end AS until, claim.observed AS observed,
  claim.publisher AS publisher, claim.dataset AS dataset
ORDER BY listed_id, claim.key
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $programme})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
MATCH listing = (one)<-[:SAME_AS]-{0,1}(named)-[claim:DESIGNATES]->(entity)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
RETURN listing
LIMIT $limit
