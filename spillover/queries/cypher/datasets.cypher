// id: datasets
// title: Which datasets does the graph hold, how old, under which licence?
// description: The loads that stand, with the day for which each publisher vouches and what became
//   of its records.
// exact: `spillover status --graph ADDRESS` says the same with contradictions between identifiers.
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: dataset, title, publisher, date, licence, loaded_at, records, set_aside, entities,
//   relations

// form: rows
MATCH (load:SpilloverLoad)
WHERE load.removed_by IS NULL
RETURN load.dataset AS dataset, load.title AS title, load.publisher AS publisher, load.date AS date,
  load.licence AS licence, load.finished AS loaded_at, load.read AS records,
  load.quarantined AS set_aside, load.entities AS entities, load.relations AS relations
ORDER BY dataset
LIMIT $limit

// form: picture
MATCH (load:SpilloverLoad)
WHERE load.removed_by IS NULL
RETURN load
LIMIT $limit
