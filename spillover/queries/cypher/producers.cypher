// id: producers
// title: Who makes a product, and with which share of the market?
// description: Claims that somebody makes the product, with the stated share. Shares of several
//   sources stand side by side; what is left over and how concentrated the market is are not worked
//   out.
// exact: `spillover market PRODUCT` puts the shares together, bounds the concentration and says
//   what is lost without somebody.
// parameter product: entity; the product or technology
// parameter as_of: day, default today; the day on which claims must count
// parameter limit: integer 1 to 10000, default 200; at most so many rows
// columns: producer, producer_id, countries, share, scope, listing, observed, publisher, dataset

// form: rows
MATCH (asked:Entity {id: $product})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
MATCH (one)<-[:SAME_AS]-{0,1}(named)<-[claim:PRODUCES]-(maker)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
OPTIONAL MATCH (maker)-[:SAME_AS]->(makerFor)
WITH coalesce(makerFor, maker) AS producer, claim
RETURN producer.name AS producer, producer.id AS producer_id, producer.countries AS countries,
  claim.share AS share, claim.scope AS scope, producer.listing AS listing, claim.observed AS observed,
  claim.publisher AS publisher, claim.dataset AS dataset
ORDER BY coalesce(claim.low, -1) DESC, producer_id, claim.key
LIMIT $limit

// form: picture
MATCH (asked:Entity {id: $product})
OPTIONAL MATCH (asked)-[:SAME_AS]->(askedFor)
WITH coalesce(askedFor, asked) AS one
MATCH making = (one)<-[:SAME_AS]-{0,1}(named)<-[claim:PRODUCES]-(maker)
WHERE claim.stance = 'asserts'
  AND left(coalesce(claim.start, claim.observed, $as_of), 10) <= $as_of
  AND coalesce(claim.end, $as_of) >= left($as_of, size(coalesce(claim.end, $as_of)))
RETURN making
LIMIT $limit
