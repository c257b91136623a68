"""Histograms as the agent makes them of raw values, made here so that raw values never leave the pipeline.

The TypeScript client has the same code; test/vectors/client-histograms.json holds both to the agent's statistics.
"""
