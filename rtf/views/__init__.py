"""What people and machines see of a run: texts and JSON made from plans, events, states and diagnostics.

Views take finished data and return text, or write to a stream that they are given. They compute no plan, read no
file and do not know the command line.
"""
