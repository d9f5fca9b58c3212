"""The program `ahead`: sets up and runs the whole platform on one machine, tests it and checks it.

It knows no service by name: services bring their processes and commands through entry points.
"""
