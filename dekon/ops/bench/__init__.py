"""`make bench`: how fast Dekon is, each figure beside a baseline measured in the same run.

Works in databases of its own and keeps the large ones for the next run. Figures are ratios first: machines differ.
"""
