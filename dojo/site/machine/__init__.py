"""What the machine gives to a run and what it takes: cores, processes, stolen time, the disk."""
