// id: shared-directors
// title: Which other organizations do its directors direct?
// description: Everybody who directs the entity on the day and directs another organization on the
//   same day. Persons of one name are one person only where an identifier joins them.
// exact: `spillover show ENTITY` lists every claim on its directors with its source.
// parameter entity: entity; whose directors are asked for
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: director, director_id, role_here, organization, organization_id, role_there, publisher,
//   dataset

// form: rows
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
MATCH (one)<-[:SAME_AS]-{0,1}(named)<-[seat:DIRECTS]-(director)
WHERE seat.stance = 'asserts'
  AND left(coalesce(seat.start, seat.observed, $as_of), 10) <= $as_of
  AND coalesce(seat.end, $as_of) >= left($as_of, size(coalesce(seat.end, $as_of)))
OPTIONAL MATCH (director)-[:SAME_AS]->(directorFor)
WITH one, seat, coalesce(directorFor, director) AS person
MATCH (person)<-[:SAME_AS]-{0,1}(called)-[other:DIRECTS]->(board)
WHERE other.stance = 'asserts'
  AND left(coalesce(other.start, other.observed, $as_of), 10) <= $as_of
  AND coalesce(other.end, $as_of) >= left($as_of, size(coalesce(other.end, $as_of)))
OPTIONAL MATCH (board)-[:SAME_AS]->(boardFor)
WITH one, seat, person, other, coalesce(boardFor, board) AS elsewhere
WHERE elsewhere <> one
RETURN DISTINCT person.name AS director, person.id AS director_id, seat.role AS role_here,
  elsewhere.name AS organization, elsewhere.id AS organization_id, other.role AS role_there,
  other.publisher AS publisher, other.dataset AS dataset
ORDER BY director_id, organization_id, role_here, role_there, publisher, dataset
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $entity})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
MATCH here = (one)<-[:SAME_AS]-{0,1}(named)<-[seat:DIRECTS]-(director)
WHERE seat.stance = 'asserts'
  AND left(coalesce(seat.start, seat.observed, $as_of), 10) <= $as_of
  AND coalesce(seat.end, $as_of) >= left($as_of, size(coalesce(seat.end, $as_of)))
OPTIONAL MATCH (director)-[:SAME_AS]->(directorFor)
WITH one, here, seat, coalesce(directorFor, director) AS person
MATCH there = (person)<-[:SAME_AS]-{0,1}(called)-[other:DIRECTS]->(board)
WHERE other.stance = 'asserts'
  AND left(coalesce(other.start, other.observed, $as_of), 10) <= $as_of
  AND coalesce(other.end, $as_of) >= left($as_of, size(coalesce(other.end, $as_of)))
OPTIONAL MATCH (board)-[:SAME_AS]->(boardFor)
WITH one, here, there, seat, person, other, coalesce(boardFor, board) AS elsewhere
WHERE elsewhere <> one
RETURN here, there
LIMIT $limit
