"""End to end: the deployed template, the command line as a process, real sockets."""
