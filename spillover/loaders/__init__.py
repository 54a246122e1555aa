"""One public source each: a file in, entities and relations out."""
