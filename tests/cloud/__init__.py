"""AWS within the tests' own process: moto with the tables of the template, and the functions that use it."""
