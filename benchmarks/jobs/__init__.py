"""Jobs: what is to run, each in a process of its own, in turn or spread over machines."""
