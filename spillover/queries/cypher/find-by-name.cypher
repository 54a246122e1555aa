// id: find-by-name
// title: Which entities have these words in their names?
// description: Full-text search over all names, the best first; Hanzi, Kana and Hangul are searched
//   in pairs of characters. The score only ranks: it is no probability.
// exact: `spillover search TEXT` finds any part of a name, in any script, without regard to
//   accents.
// parameter words: words; words of the name
// parameter limit: integer 1 to 10000, default 20; at most so many rows
// columns: name, id, kind, countries, other_names, listing, joined_with, score

// form: rows
CALL db.index.fulltext.queryNodes('entity_names', $words) YIELD node, score
WITH node, score ORDER BY score DESC, node.id LIMIT $limit
OPTIONAL MATCH (node)-[:SAME_AS]->(one)
RETURN node.name AS name, node.id AS id, node.schema AS kind, node.countries AS countries,
  node.names AS other_names, node.listing AS listing, one.id AS joined_with, round(score, 3) AS score
ORDER BY score DESC, id

// form: picture
CALL db.index.fulltext.queryNodes('entity_names', $words) YIELD node, score
WITH node, score ORDER BY score DESC, node.id LIMIT $limit
OPTIONAL MATCH joined = (node)-[:SAME_AS]-()
RETURN node, joined
