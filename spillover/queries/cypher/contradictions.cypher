// id: contradictions
// title: Which identifiers contradict each other, so that nobody is joined by them?
// description: Identifiers that would join entities which cannot be one, with the reason and the
//   entities concerned (the first few of many).
// exact: `spillover status --graph ADDRESS --format json` has all of them.
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: identifier, why, entities

// form: rows
MATCH (conflict:SpilloverConflict)
RETURN conflict.identifier AS identifier, conflict.why AS why, conflict.entities AS entities
ORDER BY identifier, why, entities
LIMIT $limit

// form: picture
MATCH (conflict:SpilloverConflict)
RETURN conflict
LIMIT $limit
