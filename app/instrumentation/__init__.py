"""How the shop measures itself. You need not open this folder to solve a kata.

metrics.py        /metrics, and one log line for each request
loop_lag.py       how late the event loop is, for /metrics
server_timing.py  the Server-Timing header of each answer: its time, and its database statements
"""
