"""What people do to a state by hand: pure functions from snapshots and addresses to snapshots.

Reading, locking and storing the state is the commands' work.
"""
