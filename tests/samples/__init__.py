"""Values that tests of several suites share."""
