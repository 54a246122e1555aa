"""The same graph in Neo4j: how it gets there, comes back, and is asked.

:mod:`~spillover.graph.neo4j.connection` is the only module that imports the driver.
"""
